import { lazy, Suspense, useEffect, useEffectEvent, useState } from "react";
import { call, onLink, useView, type WaitingLinkView } from "../../ipc";

const LinkDialog = lazy(() => import("./LinkDialog").then((module) => ({ default: module.LinkDialog })));

/** Where links from outside come in: one at a time is shown, and none does anything by itself. */
export function LinkGate() {
  // Whoever reads it first should read it in the language of the window.
  const ready = useView("settings_get", {}).data !== undefined;
  const [shown, setShown] = useState<WaitingLinkView | null>(null);
  const look = useEffectEvent(() => {
    // Another one must not take the place of what the person is looking at.
    if (shown !== null) return;
    call("links_take", {}).then(
      (waiting) => {
        if (waiting.link !== null || waiting.refused !== null) setShown((before) => before ?? waiting);
      },
      // Without an application behind the window there is nothing to follow, and the page says why.
      () => {},
    );
  });
  const free = shown === null;
  useEffect(() => {
    if (!ready || !free) return;
    look();
    return onLink(() => look());
  }, [ready, free]);
  return shown === null ? null : (
    <Suspense fallback={null}>
      <LinkDialog waiting={shown} onClose={() => setShown(null)} />
    </Suspense>
  );
}
