import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { Activity, lazy, Suspense, startTransition, useEffect, useLayoutEffect, useRef, useState } from "react";
import { KeysPage } from "../features/keys/KeysPage";
import type { AppStatusView, Theme } from "../ipc";
import { Scroller } from "../shared/Scroller";
import { useLater } from "../shared/useLater";
import { Boundary } from "./Boundary";
import { PAGES, type PageName } from "./router";
import { useAskedKey } from "./useAskedKey";
import { loadWorkspaceList } from "./WorkspaceMenu";

/** The pages that are not there at once: how each comes, and what it asks for. */
const LOADS = {
  connect: () => import("../features/connect/ConnectPage"),
  rotations: () => import("../features/rotations/RotationsPage"),
  activity: () => import("../features/activity/ActivityPage"),
  settings: () => import("../features/settings/SettingsPage"),
} as const;

const ConnectPage = lazy(() => LOADS.connect().then((module) => ({ default: module.ConnectPage })));
const RotationsPage = lazy(() => LOADS.rotations().then((module) => ({ default: module.RotationsPage })));
const ActivityPage = lazy(() => LOADS.activity().then((module) => ({ default: module.ActivityPage })));
const SettingsPage = lazy(() => LOADS.settings().then((module) => ({ default: module.SettingsPage })));

/** What lies over a page as long as something is asked there; from the palette one goes elsewhere without being asked anything. */
const ASKING = '[role="dialog"]:not(:has([role="combobox"])), [role="menu"]';

/** What a person does, and how long after it they are at rest, in milliseconds. */
const DEEDS = ["keydown", "pointerdown", "wheel"] as const;
const REST_MS = 1000;
const LOOK_MS = 100;

export interface PagesProps {
  status: AppStatusView;
  page: PageName;
  /** Others are made ready before they are opened. */
  prepares: boolean;
  onTheme: (theme: Theme) => void;
  onSignIn: () => void;
  onFirstSteps: () => void;
}

/**
 * The page that is open, and out of sight all that were open before or are ready to be: a page opens by being shown. Out of sight
 * they do nothing, and are as the person left them; but a dialog that was left open is gone. Each is `memo`: it is drawn anew for what
 * it shows, not because another one opens.
 */
export function Pages({ status, page, prepares, onTheme, onSignIn, onFirstSteps }: PagesProps) {
  const signedIn = status.workspace?.signedIn ?? false;
  const asked = useAskedKey(status.workspace?.id ?? null);
  const ready = useReady(page, prepares);
  const lives = useLives(page);
  const show = (name: PageName) => {
    switch (name) {
      case "keys":
        return (
          <KeysPage
            key={status.workspace?.id}
            signedIn={signedIn}
            onSignIn={onSignIn}
            asked={asked.key}
            onShown={asked.clear}
          />
        );
      case "connect":
        return <ConnectPage signedIn={signedIn} onSignIn={onSignIn} />;
      case "rotations":
        return <RotationsPage />;
      case "activity":
        return <ActivityPage />;
      case "settings":
        return <SettingsPage status={status} onTheme={onTheme} onFirstSteps={onFirstSteps} />;
    }
  };
  return PAGES.filter((name) => ready.has(name)).map((name) => (
    <Activity key={`${name} ${lives[name]}`} mode={name === page ? "visible" : "hidden"}>
      <Scroller>
        <Boundary>
          <Suspense fallback={null}>{show(name)}</Suspense>
        </Boundary>
      </Scroller>
    </Activity>
  ));
}

/** Which pages are there: those that were opened, and one after the other those that wait to be. */
function useReady(page: PageName, prepares: boolean): ReadonlySet<PageName> {
  const client = useQueryClient();
  const [ready, setReady] = useState<ReadonlySet<PageName>>(new Set([page]));
  if (!ready.has(page)) setReady(new Set([...ready, page]));
  const later = useLater();
  useEffect(() => {
    if (!later || !prepares) return;
    let over = false;
    void prepare(client, (name) => {
      if (!over) startTransition(() => setReady((before) => new Set([...before, name])));
      return !over;
    });
    return () => {
      over = true;
    };
  }, [client, later, prepares]);
  return ready;
}

/** Fetches the other pages and their answers, one page after the other, as long as they are wanted; what the person does comes first. */
async function prepare(client: QueryClient, isReady: (name: PageName) => boolean): Promise<void> {
  const deeds = watchDeeds();
  try {
    for (const name of PAGES) {
      if (name === "keys") continue;
      await deeds.rest();
      const { askAhead } = await LOADS[name]();
      await Promise.all(askAhead(client));
      if (!isReady(name)) return;
    }
    await deeds.rest();
    await loadWorkspaceList();
  } finally {
    deeds.stop();
  }
}

/** Notes what the person does; `rest` waits until that is a moment ago. */
function watchDeeds(): { rest: () => Promise<void>; stop: () => void } {
  let last = Number.NEGATIVE_INFINITY;
  const note = () => {
    last = performance.now();
  };
  for (const kind of DEEDS) window.addEventListener(kind, note, { capture: true, passive: true });
  return {
    rest: async () => {
      while (performance.now() < last + REST_MS) await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    },
    stop: () => {
      for (const kind of DEEDS) window.removeEventListener(kind, note, { capture: true });
    },
  };
}

/** How often each page was left with something over it: then it begins anew. */
function useLives(page: PageName): Record<PageName, number> {
  const [lives, setLives] = useState({ keys: 0, connect: 0, rotations: 0, activity: 0, settings: 0 });
  const last = useRef(page);
  useLayoutEffect(() => {
    const left = last.current;
    last.current = page;
    if (left === page || document.querySelector(ASKING) === null) return;
    setLives((before) => ({ ...before, [left]: before[left] + 1 }));
  }, [page]);
  return lives;
}
