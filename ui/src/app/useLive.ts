import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { markStale, onChanged, onShowPage } from "../ipc";
import { goTo, PAGES } from "./router";

/** Asks again for what others changed: the command line, an editor, a bridge. Nothing is asked for while nothing happens. */
export function useLive(): void {
  const client = useQueryClient();
  useEffect(() => onChanged((caches) => markStale(client, caches)), [client]);
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
