import { useEffect, useEffectEvent } from "react";
import { isSomethingOverThePage } from "../shared/overThePage";
import type { PageName } from "./router";

/** Keys that go to a page, one after the other. */
export const PAGE_KEYS: Record<PageName, string> = {
  keys: "g k",
  connect: "g c",
  rotations: "g r",
  activity: "g a",
  settings: "g s",
};

/** Keys that do something. `mod` is Ctrl, or Cmd on a Mac. */
export const ACTION_KEYS = {
  palette: "mod+k",
  newKey: "n",
  pasteKey: "p",
  search: "/",
  shortcuts: "?",
} as const;

export type ShortcutName = PageName | keyof typeof ACTION_KEYS;

export const SHORTCUTS: Record<ShortcutName, string> = { ...ACTION_KEYS, ...PAGE_KEYS };

/** How long a first key waits for its second. */
const SEQUENCE_MS = 1500;

/** Runs what the keys say, but not while something is typed or a dialog is open. */
export function useShortcuts(run: (name: ShortcutName) => void): void {
  const onShortcut = useEffectEvent(run);
  useEffect(() => {
    let before = { key: "", at: Number.NEGATIVE_INFINITY };
    const listen = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing || event.repeat) return;
      const keys = isMod(event) ? `mod+${event.key.toLowerCase()}` : event.key;
      if (keys !== SHORTCUTS.palette && (isMod(event) || event.altKey || isTaken(event.target))) return;
      const sequence = event.timeStamp - before.at < SEQUENCE_MS ? `${before.key} ${keys}` : keys;
      before = { key: keys, at: event.timeStamp };
      const name = named(sequence) ?? named(keys);
      if (name === undefined) return;
      before = { key: "", at: Number.NEGATIVE_INFINITY };
      event.preventDefault();
      onShortcut(name);
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, []);
}

/** How keys are written on this system: `Ctrl` `K`, `⌘` `K`, `g` `k`. */
export function written(keys: string): string[] {
  return keys
    .split(/[ +]/)
    .map((key) => (key === "mod" ? (isMac() ? "⌘" : "Ctrl") : keys.includes("+") ? key.toUpperCase() : key));
}

/** How keys are told to assistive technology. A sequence has no notation there, so it is left out. */
export function ariaKeys(keys: string): string | undefined {
  if (keys.includes(" ")) return undefined;
  return keys.replace("mod", isMac() ? "Meta" : "Control");
}

function named(keys: string): ShortcutName | undefined {
  return NAMES.find((name) => SHORTCUTS[name] === keys);
}

const NAMES: readonly ShortcutName[] = [
  "palette",
  "newKey",
  "pasteKey",
  "search",
  "shortcuts",
  "keys",
  "connect",
  "rotations",
  "activity",
  "settings",
];

function isMod(event: KeyboardEvent): boolean {
  return event.ctrlKey || event.metaKey;
}

function isMac(): boolean {
  return navigator.platform.startsWith("Mac");
}

const TYPED_IN =
  'input:not([type="radio"], [type="checkbox"], [type="button"]), textarea, select, [contenteditable="true"]';

/** Whether keys belong to a field, or to something over the page. */
function isTaken(target: EventTarget | null): boolean {
  return (target instanceof Element && target.closest(TYPED_IN) !== null) || isSomethingOverThePage();
}
