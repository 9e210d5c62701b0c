import type { FileAction, Reload } from "../../ipc";
import { worded } from "../language";
import { span } from "../time";
import { count } from "../words";

export const planWords = worded("planWords", {
  files: "Files",
  change: { create: "new file", change: "changes", delete: "goes away", keep: "stays as it is" } satisfies Record<
    FileAction,
    string
  >,
  keys: (names: number) => `${count(names, "new key")}, stowed in the keychain`,
  stays: "Other servers and comments in this file stay as they are.",
  made: "This file is new; nothing else is in it.",
  deleted: "Keystow made this file, and nothing else is in it. It goes away.",
  same: "Nothing in this file changes.",
  unwritable: "cannot be written",
  cannot: "Nothing is written while a file cannot be.",
  nothing: "Everything is in place already. There is nothing to write.",
  diff: (path: string) => `Changes to ${path}`,
  added: "added",
  removed: "removed",
  newPreview: "New preview",
  rollBack: "Roll back what was written",
  wait: "Wait until it quits",
  stopWaiting: (client: string) => `Waiting for ${client} to quit… Stop`,
  replace: "Replace the entry",
  write: (files: number | undefined) => (files === undefined ? "Write" : `Write ${count(files, "file")}`),
  planning: "Reading settings files",
});

export const proofWords = worded("proofWords", {
  label: "Proof",
  starting: "starting…",
  tools: (amount: number) => count(amount, "tool"),
  took: (ms: number) => `answered in ${span(ms)}`,
  reload: {
    live: () => null,
    window: (client: string) => `Reload ${client}'s window to load it.`,
    restart: (client: string) => `Restart ${client} to load it.`,
  } satisfies Record<Reload, (client: string) => string | null>,
});
