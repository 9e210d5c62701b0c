import { type QueryClient, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { askAnew, markStale, onChanged, onShowPage } from "../ipc";
import { offersUndo, withdrawUndo } from "../shared/toast";
import { goTo, PAGES } from "./router";

/** Asks again for what others changed: the command line, an editor, a bridge. Nothing is asked for while nothing happens. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(
    () =>
      onChanged((caches) => {
        markStale(client, caches);
        if (caches.includes("changes") && offersUndo()) void withdrawUndone(client);
      }),
    [client],
  );
}

/** Takes away toasts that offer to undo what was undone elsewhere. Where that cannot be told, undoing says so. */
async function withdrawUndone(client: QueryClient): Promise<void> {
  const changes = await askAnew(client, "changes_list", {}).catch(() => []);
  for (const { id, undone } of changes) if (undone) withdrawUndo(id);
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
