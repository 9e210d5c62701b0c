import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { askAnew, markStale, onChanged, onShowPage } from "../ipc";
import { mayBeOver, withdraw } from "../shared/toast";
import { goTo, PAGES } from "./router";

/** Asks again for what others changed: the command line, an editor, a bridge. Nothing is asked for while nothing happens. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onChanged((caches) => {
        markStale(client, caches);
        if (!mayBeOver()) return;
        if (caches.includes("changes")) void withdrawUndone(client);
        if (caches.includes("rotations")) void withdrawEnded(client);
      }),
    [client],
  );
}

/** Takes away toasts that offer to undo what was undone elsewhere. Where that cannot be told, undoing says so. */
async function withdrawUndone(client: QueryClient): Promise<void> {
  const changes = await askAnew(client, "changes_list", {}).catch(() => []);
  for (const { id, undone } of changes) if (undone) withdraw(id);
}

/** A toast that says that a key is being rotated says what came of it. */
async function withdrawEnded(client: QueryClient): Promise<void> {
  const rotations = await askAnew(client, "rotations_list", {}).catch(() => []);
  for (const { id, endedAt, stage } of rotations) if (endedAt !== null) withdraw(id, stage === "retired");
}

/** Goes where a click on a notification leads. */
export function useAskedPage(): void {
  useEffect(() => {
    return onShowPage((wanted) => {
      const page = PAGES.find((name) => name === wanted);
      if (page !== undefined) goTo(page);
    });
  }, []);
}
