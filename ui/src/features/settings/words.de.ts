import type * as english from "./words";

export const settingsWords: typeof english.settingsWords = {
  title: "Einstellungen",
  general: "Allgemein",
  theme: "Darstellung",
  themes: { system: "System", light: "Hell", dark: "Dunkel" },
  themeNote: "System folgt dem, was an diesem Computer eingestellt ist.",
  language: "Sprache",
  languages: { system: "System", en: "English", de: "Deutsch" },
  languageNote: "Fehler und Hinweise aus dem Inneren sind immer englisch.",
  backups: "Rückgängig für",
  backupsNote:
    "Wie lange geänderte Dateien zurückgegeben werden können. Ihr früherer Inhalt bleibt so lange versiegelt liegen.",
  days: (days) => (days === 365 ? "ein Jahr" : days === 1 ? "einen Tag" : `${days} Tage`),
  health: "Zustand",
  check: "Noch einmal prüfen",
  repair: "Reparieren",
  repaired: "Repariert, was sich reparieren ließ.",
  allFine: (checks) => `Alle ${checks} Prüfungen sind in Ordnung.`,
  look: (amount) => (amount === 1 ? "1 Prüfung verlangt einen Blick." : `${amount} Prüfungen verlangen einen Blick.`),
  checking: "Wird geprüft …",
  state: { ok: "in Ordnung", warning: "ansehen", failed: "kaputt", fixed: "repariert" },
  places: "Wo alles liegt",
  dataDir: "Daten",
  dataDirNote: "Namen, Einstellungen und Verlauf. Kein Schlüssel liegt darin.",
  binary: "Fester Pfad",
  binaryNote: "Was Einstellungsdateien starten. Er wird aktuell gehalten.",
  dataPath: "Datenpfad",
  stablePath: "Festen Pfad",
  secrets: "Geheimnisse",
  secretsPlace: "Im Schlüsselbund dieses Computers",
  secretsNote: "Und nirgends sonst.",
  about: "Über Keystow",
  version: "Version",
  again: "Erste Schritte",
  againNote: "Anmelden, ein Schlüssel, verbinden: die drei Schritte des ersten Starts.",
  againButton: "Noch einmal durchgehen",
};

export const ownWords: typeof english.ownWords = {
  title: "Eigene Anbieterdateien",
  add: "Server hinzufügen …",
  directory: "Dateien",
  directoryNote: "Jede Datei beschreibt ein Produkt. Eine unbrauchbare Datei schadet den anderen nicht.",
  path: "Anbieterpfad",
  files: "Eigene Anbieterdateien",
  used: "in Gebrauch",
  broken: "nicht benutzt",
  added: (name) => `${name} ist hinzugefügt. Seinen Schlüssel auf der Seite „Schlüssel“ einfügen.`,
};

export const desktopWords: typeof english.desktopWords = {
  title: "Auf diesem Computer",
  name: { launchAtLogin: "Beim Anmelden starten", stayInTray: "Im Infobereich weiterlaufen" },
  note: {
    launchAtLogin: "Keystow öffnet sich, wenn du dich an diesem Computer anmeldest.",
    stayInTray:
      "Nach dem Schließen des Fensters bleibt das Symbol neben der Uhr, wo es eines gibt. Beenden geht aus seinem Menü.",
  },
};
