import type { CheckState, Language, Notifications, RemovalState, Theme } from "../../ipc";
import { worded } from "../../shared/language";
import { count } from "../../shared/words";

/** Places on the disk that Keystow keeps something in. */
export type PlaceName = "store" | "program" | "workspace" | "logs" | "providers" | "window" | "autostart" | "running";

export const settingsWords = worded("settingsWords", {
  title: "Settings",
  general: "General",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" } satisfies Record<Theme, string>,
  themeNote: "System follows what this computer is set to.",
  language: "Language",
  languages: { system: "System", en: "English", de: "Deutsch" } satisfies Record<Language, string>,
  languageNote: "Errors and hints from the engine are English in any case.",
  clipboard: "Copied keys",
  clipboardNote: "How long one stays on the clipboard. It is taken off then, unless something else was copied.",
  seconds: (seconds: number) => (seconds < 60 ? `${seconds} seconds` : seconds === 60 ? "a minute" : "2 minutes"),
  notifications: "Notifications",
  notificationsNote: "Important: a key ends soon or is refused, an entry was changed, a rotation failed.",
  levels: { off: "Off", important: "Important", all: "All" } satisfies Record<Notifications, string>,
  backups: "Undo for",
  backupsNote: "How long changed files can be given back. What they held before is kept sealed until then.",
  days: (days: number) => (days === 365 ? "a year" : days === 1 ? "a day" : `${days} days`),
  health: "Health",
  check: "Check again",
  repair: "Repair",
  repaired: "Repaired what could be.",
  allFine: (checks: number) => `All ${checks} checks are fine.`,
  look: (amount: number) => (amount === 1 ? "1 check needs a look." : `${amount} checks need a look.`),
  checking: "Checking…",
  state: { ok: "fine", warning: "look at it", failed: "broken", fixed: "repaired" } satisfies Record<
    CheckState,
    string
  >,
  about: "About",
  version: "Version",
  again: "First steps",
  againNote: "Sign in, a key, connect: the three steps of the first start.",
  againButton: "Go through them again",
});

export const ownWords = worded("ownWords", {
  title: "Provider files of your own",
  add: "Add a server…",
  directory: "Files",
  directoryNote: "Each file tells of one product. A file that cannot be used does no harm to the others.",
  path: "provider path",
  files: "Your provider files",
  used: "in use",
  broken: "not used",
  added: (name: string) => `Added ${name}. Paste its key on the Keys page.`,
});

export const desktopWords = worded("desktopWords", {
  title: "On this computer",
  name: { launchAtLogin: "Start at login", stayInTray: "Keep running in the tray" },
  note: {
    launchAtLogin: "Keystow opens when you sign in to this computer.",
    stayInTray: "Closing the window leaves the icon beside the clock, where there is one. Quit from its menu.",
  },
});

export const placeWords = worded("placeWords", {
  title: "Where things are",
  nothing: "nothing yet",
  open: (name: string) => `Open folder: ${name}`,
  path: (name: string) => `path: ${name}`,
  places: {
    store: { name: "Data", note: "Names, settings, history and sealed before-images. No key is in it." },
    program: { name: "Stable path", note: "What settings files start. It is kept up to date." },
    workspace: { name: "Local workspace", note: "Its accounts, and hashes of its keys." },
    logs: { name: "Logs", note: "What went wrong, without any content." },
    providers: { name: "Provider files", note: "Those that Keystow wrote, and your own." },
    window: { name: "Window", note: "Its size and place." },
    autostart: { name: "Start at login", note: "What opens Keystow with your session." },
    running: { name: "Running programs", note: "Which clients use Keystow at the moment." },
  } satisfies Record<PlaceName, { name: string; note: string }>,
  secrets: "Secrets",
  secretsPlace: "In this computer's keychain",
  secretsNote: "And nowhere else.",
});

export const removalWords = worded("removalWords", {
  section: "Leaving",
  title: "Remove everything Keystow ever wrote",
  note: "Entries in settings files, secrets in the keychain, all of its data. You see every bit of it first.",
  open: "Remove everything…",
  goes: "What goes",
  stays: "What stays",
  entry: (client: string) => `${client}: our entry goes out of`,
  noEntries: "No settings file holds an entry of Keystow.",
  secrets: (name: string, amount: number) =>
    name === "keys"
      ? `${count(amount, "key")} in the keychain`
      : name === "sessions"
        ? `${count(amount, "sign-in")} in the keychain`
        : `${count(amount, "sign-in to a server", "sign-ins to servers")} in the keychain`,
  ownSecrets: "What Keystow made for itself in the keychain",
  localKeys: (amount: number) => `The local workspace, and with it ${count(amount, "key")}`,
  rotations: (amount: number) => `${count(amount, "rotation")} under way: called off, both keys stay valid`,
  running: (clients: string) => `${clients}: running with Keystow now. Quit first, or restart after.`,
  revoke: (amount: number) => `Also revoke ${count(amount, "key")} at the workspaces`,
  revoked: "Whoever uses them elsewhere is refused from then on.",
  notRevoked: "Unless ticked, they stay valid there; only their secrets leave this computer.",
  elsewhere: (amount: number) => `${count(amount, "key")} stay valid until revoked on the dashboard:`,
  links: (clients: string) => `What ${clients} took from a link. It does not work any more; remove it there.`,
  notOurs: "Not written by Keystow",
  program: "The program itself: remove it the way it was installed.",
  leaveFiles: "Go on without the files that cannot be written. Their entries stay, and start nothing any more.",
  sure: "I have read this. There is no undo.",
  keep: "Keep everything",
  remove: "Remove everything",
  nothingRemoved: "Nothing was removed.",
  gone: "Keystow left nothing behind.",
  stopped: "Not everything is gone. What is left was not touched, and can be removed again from here.",
  steps: "Steps",
  states: { done: "gone", failed: "failed", not_tried: "not tried" } satisfies Record<RemovalState, string>,
  again: "Look again",
  quit: "Quit Keystow",
});
