import { lazy, Suspense, useState } from "react";
import type { AppStatusView, Theme } from "../ipc";
import { send } from "../shared/errands";
import { Pages } from "./Pages";
import { Rail } from "./Rail";
import { goTo, type PageName } from "./router";
import classes from "./Shell.module.css";
import { StatusLine } from "./StatusLine";
import { type ShortcutName, useShortcuts } from "./shortcuts";
import { useAskedPage } from "./useLive";

const Palette = lazy(() => import("./palette/Palette").then((module) => ({ default: module.Palette })));
const Shortcuts = lazy(() => import("./palette/Shortcuts").then((module) => ({ default: module.Shortcuts })));

interface ShellProps {
  status: AppStatusView;
  checking: boolean;
  onCheck: () => void;
  onTheme: (theme: Theme) => void;
  onSignIn: () => void;
  onFirstSteps: () => void;
  page: PageName;
  /** Other pages are made ready before they are opened. */
  prepares: boolean;
}

/** The frame: rail, page, status line. */
export function Shell({ status, checking, onCheck, onTheme, onSignIn, onFirstSteps, page, prepares }: ShellProps) {
  const signedIn = status.workspace?.signedIn ?? false;
  useAskedPage();
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
    <div className={classes.shell}>
      <aside className={classes.rail}>
        <Rail status={status} page={page} onSignIn={onSignIn} onPalette={() => setOver("palette")} />
      </aside>
      <main className={classes.main}>
        <Pages
          status={status}
          page={page}
          prepares={prepares}
          onTheme={onTheme}
          onSignIn={onSignIn}
          onFirstSteps={onFirstSteps}
        />
        <StatusLine status={status} checking={checking} onCheck={onCheck} onSignIn={onSignIn} />
      </main>
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
    </div>
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
