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

/** Hears which page is to be shown, by its name. */
export function onShowPage(hear: (page: string) => void): () => void {
  const listening = listen<string>("show-page", ({ payload }) => hear(payload));
  return () => void listening.then((stop) => stop());
}

/** Hears which answers are others now, by the first words of their commands, whoever changed them. */
export function onChanged(hear: (caches: readonly string[]) => void): () => void {
  const listening = listen<string[]>("changed", ({ payload }) => hear(payload));
  return () => void listening.then((stop) => stop());
}

/** Hears when a link from outside waits to be looked at, until the returned function is called. */
export function onLink(hear: () => void): () => void {
  const listening = listen("link-waits", hear);
  return () => void listening.then((stop) => stop());
}
