import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent } from "react";
import { call, markStale, type Problem } from "../ipc";

/** All that a workspace out of reach may have kept from the screen. */
const OUT_OF_DATE = ["app", "workspaces", "keys", "servers"];
/** The least that can be asked of a workspace. */
const LEAST = { search: null, page: 1, limit: 1, everybody: false, order: null };

/** Asks the workspace once more, when told to, when the network is back and when the person comes back to the window. */
export function useReach(): { retry: () => void; retrying: boolean } {
  const client = useQueryClient();
  const ask = useMutation<unknown, Problem>({
    mutationFn: () => call("keys_list", LEAST),
    // Whether it answered is the native side's to tell.
    onSettled: () => markStale(client, OUT_OF_DATE),
  });
  const retry = () => {
    if (!ask.isPending) ask.mutate();
  };
  const again = useEffectEvent(retry);
  useEffect(() => {
    const hear = () => again();
    window.addEventListener("online", hear);
    window.addEventListener("focus", hear);
    return () => {
      window.removeEventListener("online", hear);
      window.removeEventListener("focus", hear);
    };
  }, []);
  return { retry, retrying: ask.isPending };
}
