import { count } from "../../shared/words";
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
  clipboard: "Kopierte Schlüssel",
  clipboardNote:
    "Wie lange einer in der Zwischenablage bleibt. Dann verschwindet er, wenn nichts anderes kopiert wurde.",
  seconds: (seconds) => (seconds < 60 ? `${seconds} Sekunden` : seconds === 60 ? "eine Minute" : "2 Minuten"),
  notifications: "Mitteilungen",
  notificationsNote:
    "Wichtige: Ein Schlüssel endet bald oder wird abgelehnt, ein Eintrag wurde geändert, ein Wechsel schlug fehl.",
  levels: { off: "Keine", important: "Wichtige", all: "Alle" },
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

export const placeWords: typeof english.placeWords = {
  title: "Wo alles liegt",
  nothing: "noch nichts",
  open: (name) => `Ordner öffnen: ${name}`,
  path: (name) => `Pfad: ${name}`,
  places: {
    store: {
      name: "Daten",
      note: "Namen, Einstellungen, Verlauf und versiegelte frühere Inhalte. Kein Schlüssel liegt darin.",
    },
    program: { name: "Fester Pfad", note: "Was Einstellungsdateien starten. Er wird aktuell gehalten." },
    workspace: { name: "Lokaler Arbeitsbereich", note: "Seine Konten und Prüfsummen seiner Schlüssel." },
    logs: { name: "Protokolle", note: "Was schiefging, ohne jeden Inhalt." },
    providers: { name: "Anbieterdateien", note: "Die von Keystow geschriebenen und eigene." },
    window: { name: "Fenster", note: "Seine Größe und Lage." },
    autostart: { name: "Start bei der Anmeldung", note: "Was Keystow mit der Sitzung öffnet." },
    running: { name: "Laufende Programme", note: "Welche Clients Keystow gerade benutzen." },
  },
  secrets: "Geheimnisse",
  secretsPlace: "Im Schlüsselbund dieses Computers",
  secretsNote: "Und nirgends sonst.",
};

export const removalWords: typeof english.removalWords = {
  section: "Abschied",
  title: "Alles entfernen, was Keystow je geschrieben hat",
  note: "Einträge in Einstellungsdateien, Geheimnisse im Schlüsselbund, alle Daten. Vorher ist jedes Stück zu sehen.",
  open: "Alles entfernen …",
  goes: "Was verschwindet",
  stays: "Was bleibt",
  entry: (client) => `${client}: Unser Eintrag verschwindet aus`,
  noEntries: "Keine Einstellungsdatei enthält einen Eintrag von Keystow.",
  secrets: (name, amount) =>
    name === "keys"
      ? `${count(amount, "Schlüssel", "Schlüssel")} im Schlüsselbund`
      : name === "sessions"
        ? `${count(amount, "Anmeldung", "Anmeldungen")} im Schlüsselbund`
        : `${count(amount, "Anmeldung an einem Server", "Anmeldungen an Servern")} im Schlüsselbund`,
  ownSecrets: "Was Keystow für sich selbst im Schlüsselbund angelegt hat",
  localKeys: (amount) => `Der lokale Arbeitsbereich und mit ihm ${count(amount, "Schlüssel", "Schlüssel")}`,
  rotations: (amount) =>
    `${count(amount, "laufender Wechsel", "laufende Wechsel")}: abgebrochen, beide Schlüssel bleiben gültig`,
  running: (clients) => `${clients}: läuft gerade mit Keystow. Vorher beenden oder danach neu starten.`,
  revoke: (amount) => `Auch ${count(amount, "Schlüssel", "Schlüssel")} in den Arbeitsbereichen widerrufen`,
  revoked: "Wer sie anderswo benutzt, wird von da an abgewiesen.",
  notRevoked: "Ohne Haken bleiben sie dort gültig; nur ihre Geheimnisse verlassen diesen Computer.",
  elsewhere: (amount) => `${count(amount, "Schlüssel", "Schlüssel")} bis zum Widerruf auf dem Dashboard gültig:`,
  links: (clients) => `Was ${clients} aus einem Link übernommen hat. Es geht nicht mehr; dort entfernen.`,
  notOurs: "Nicht von Keystow geschrieben",
  program: "Das Programm selbst: auf dem Weg entfernen, auf dem es installiert wurde.",
  leaveFiles:
    "Ohne die Dateien weitermachen, die nicht zu schreiben sind. Ihre Einträge bleiben und starten nichts mehr.",
  sure: "Ich habe das gelesen. Es gibt kein Zurück.",
  keep: "Alles behalten",
  remove: "Alles entfernen",
  nothingRemoved: "Nichts wurde entfernt.",
  gone: "Keystow hat nichts zurückgelassen.",
  stopped: "Nicht alles ist weg. Was übrig ist, blieb unberührt und lässt sich hier noch einmal entfernen.",
  steps: "Schritte",
  states: { done: "weg", failed: "fehlgeschlagen", not_tried: "nicht versucht" },
  again: "Noch einmal ansehen",
  quit: "Keystow beenden",
};
