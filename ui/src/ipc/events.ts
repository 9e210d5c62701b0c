import { listen } from "@tauri-apps/api/event";

/** A key that the person asked to see outside of the window, as by a click on a notification. */
export interface ShowKey {
  workspace: string;
  key: string;
}

/** Hears when a key is to be shown, until the returned function is called. */
export function onShowKey(hear: (asked: ShowKey) => void): () => void {
  const listening = listen<ShowKey>("show-key", ({ payload }) => hear(payload));
  return () => void listening.then((stop) => stop());
}

/** Hears when a link from outside waits to be looked at, until the returned function is called. */
export function onLink(hear: () => void): () => void {
  const listening = listen("link-waits", hear);
  return () => void listening.then((stop) => stop());
}
