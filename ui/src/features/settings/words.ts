import type { CheckState, Theme } from "../../ipc";

export const settingsWords = {
  title: "Settings",
  appearance: "Appearance",
  theme: "Theme",
  themes: { system: "System", light: "Light", dark: "Dark" } satisfies Record<Theme, string>,
  themeNote: "System follows what this computer is set to.",
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
  secrets: "Secrets",
  secretsPlace: "In this computer's keychain",
  secretsNote: "And nowhere else.",
  about: "About",
  version: "Version",
  again: "First steps",
  againNote: "Sign in, a key, connect: the three steps of the first start.",
  againButton: "Go through them again",
};
