import { useEffect, useEffectEvent, useSyncExternalStore } from "react";
import type { KeyView } from "../ipc";

/** What a page is asked to do from elsewhere: by the palette, by a shortcut. */
export type Errand =
  | { does: "new-key" | "paste-key" | "search-keys" | "rotate-all" | "add-workspace" }
  | { does: "show-key"; key: KeyView }
  | { does: "connect" | "manage"; client: string };

interface Takers {
  "new-key"?: () => void;
  "paste-key"?: () => void;
  "search-keys"?: () => void;
  "rotate-all"?: () => void;
  "add-workspace"?: () => void;
  "show-key"?: (key: KeyView) => void;
  connect?: (client: string) => void;
  manage?: (client: string) => void;
}

const listeners = new Set<() => void>();
let waiting: Errand | null = null;

/** Sends an errand. It waits until the page that takes it stands. */
export function send(errand: Errand | null): void {
  waiting = errand;
  for (const each of listeners) each();
}

/** Takes errands that are sent here, each once, as soon as all that they need is `ready`. */
export function useErrands(takers: Takers, ready = true): void {
  const errand = useSyncExternalStore(subscribe, current);
  const take = useEffectEvent((sent: Errand) => {
    if (takers[sent.does] === undefined || sent !== waiting) return;
    send(null);
    if (sent.does === "show-key") takers[sent.does]?.(sent.key);
    else if (sent.does === "connect" || sent.does === "manage") takers[sent.does]?.(sent.client);
    else takers[sent.does]?.();
  });
  useEffect(() => {
    if (errand !== null && ready) take(errand);
  }, [errand, ready]);
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function current(): Errand | null {
  return waiting;
}
