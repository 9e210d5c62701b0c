import { AppShell } from "@mantine/core";
import { lazy, Suspense, useEffect, useState } from "react";
import type { AppStatusView, Theme } from "../ipc";
import { send } from "../shared/errands";
import { Scroller } from "../shared/Scroller";
import { Boundary } from "./Boundary";
import { Rail } from "./Rail";
import { goTo, type PageName } from "./router";
import classes from "./Shell.module.css";
import { StatusLine } from "./StatusLine";
import { type ShortcutName, useShortcuts } from "./shortcuts";
import { useAskedKey } from "./useAskedKey";
import { useAskedPage } from "./useLive";

const loadKeys = () => import("../features/keys/KeysPage");
const loadConnect = () => import("../features/connect/ConnectPage");
const loadRotations = () => import("../features/rotations/RotationsPage");
const loadActivity = () => import("../features/activity/ActivityPage");
const loadSettings = () => import("../features/settings/SettingsPage");

const KeysPage = lazy(() => loadKeys().then((module) => ({ default: module.KeysPage })));
const ConnectPage = lazy(() => loadConnect().then((module) => ({ default: module.ConnectPage })));
const RotationsPage = lazy(() => loadRotations().then((module) => ({ default: module.RotationsPage })));
const ActivityPage = lazy(() => loadActivity().then((module) => ({ default: module.ActivityPage })));
const SettingsPage = lazy(() => loadSettings().then((module) => ({ default: module.SettingsPage })));

const Palette = lazy(() => import("./palette/Palette").then((module) => ({ default: module.Palette })));
const Shortcuts = lazy(() => import("./palette/Shortcuts").then((module) => ({ default: module.Shortcuts })));

const LOADS = [loadKeys, loadConnect, loadRotations, loadActivity, loadSettings];

/** A window that is small, or zoomed in, leaves the rail its marks. */
const RAIL_PX = { base: 56, sm: 208 };

interface ShellProps {
  status: AppStatusView;
  checking: boolean;
  onCheck: () => void;
  onTheme: (theme: Theme) => void;
  onSignIn: () => void;
  onFirstSteps: () => void;
  page: PageName;
}

/** The frame: rail, page, status line. */
export function Shell({ status, checking, onCheck, onTheme, onSignIn, onFirstSteps, page }: ShellProps) {
  const signedIn = status.workspace?.signedIn ?? false;
  useAskedPage();
  const asked = useAskedKey(status.workspace?.id ?? null);
  useEffect(() => {
    // The other pages are on the disk already; once this one stands, they are fetched for the first click.
    const idle = setTimeout(() => void Promise.all(LOADS.map((load) => load())), 400);
    return () => clearTimeout(idle);
  }, []);
  const [over, setOver] = useState<"palette" | "shortcuts" | null>(null);
  useShortcuts((name) =>
    follow(
      name,
      signedIn,
      () => setOver(over === "palette" ? null : "palette"),
      () => setOver("shortcuts"),
    ),
  );
  return (
    <AppShell navbar={{ width: RAIL_PX, breakpoint: 0 }} transitionDuration={0}>
      <AppShell.Navbar className={classes.rail}>
        <Rail status={status} page={page} onSignIn={onSignIn} onPalette={() => setOver("palette")} />
      </AppShell.Navbar>
      <AppShell.Main className={classes.main}>
        <Scroller key={page}>
          <Boundary>
            <Suspense fallback={null}>
              {page === "keys" ? (
                <KeysPage
                  key={status.workspace?.id}
                  signedIn={signedIn}
                  onSignIn={onSignIn}
                  asked={asked.key}
                  onShown={asked.clear}
                />
              ) : page === "connect" ? (
                <ConnectPage signedIn={signedIn} onSignIn={onSignIn} />
              ) : page === "rotations" ? (
                <RotationsPage />
              ) : page === "activity" ? (
                <ActivityPage />
              ) : (
                <SettingsPage status={status} onTheme={onTheme} onFirstSteps={onFirstSteps} />
              )}
            </Suspense>
          </Boundary>
        </Scroller>
        <StatusLine status={status} checking={checking} onCheck={onCheck} onSignIn={onSignIn} />
      </AppShell.Main>
      <Suspense fallback={null}>
        {over === "palette" ? (
          <Palette
            status={status}
            onClose={() => setOver(null)}
            onTheme={onTheme}
            onCheck={onCheck}
            onSignIn={onSignIn}
            onFirstSteps={onFirstSteps}
            onShortcuts={() => setOver("shortcuts")}
          />
        ) : over === "shortcuts" ? (
          <Shortcuts onClose={() => setOver(null)} />
        ) : null}
      </Suspense>
    </AppShell>
  );
}

/** Does what a shortcut stands for. */
function follow(name: ShortcutName, signedIn: boolean, showPalette: () => void, showShortcuts: () => void): void {
  const onKeys = (does: "new-key" | "paste-key" | "search-keys") => {
    goTo("keys");
    if (signedIn) send({ does });
  };
  if (name === "palette") showPalette();
  else if (name === "shortcuts") showShortcuts();
  else if (name === "newKey") onKeys("new-key");
  else if (name === "pasteKey") onKeys("paste-key");
  else if (name === "search") onKeys("search-keys");
  else goTo(name);
}
