import type { CheckState, Language, Theme } from "../../ipc";
import { worded } from "../../shared/language";

export const settingsWords = worded("settingsWords", {
  title: "Settings",
  general: "General",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" } satisfies Record<Theme, string>,
  themeNote: "System follows what this computer is set to.",
  language: "Language",
  languages: { system: "System", en: "English", de: "Deutsch" } satisfies Record<Language, string>,
  languageNote: "Errors and hints from the engine are English in any case.",
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
  places: "Where things are",
  dataDir: "Data",
  dataDirNote: "Names, settings and history. No key is in it.",
  binary: "Stable path",
  binaryNote: "What settings files start. It is kept up to date.",
  dataPath: "data path",
  stablePath: "stable path",
  secrets: "Secrets",
  secretsPlace: "In this computer's keychain",
  secretsNote: "And nowhere else.",
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
