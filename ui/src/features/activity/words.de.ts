import { count } from "../../shared/words";
import type * as english from "./words";

export const activityWords: typeof english.activityWords = {
  title: "Verlauf",
  about: "Was hier geschah, mit Namen. Diese Liste bleibt auf diesem Computer.",
  trail: "Ereignisse",
  changes: "Änderungen an Dateien",
  more: "Ältere zeigen",
  none: {
    title: "Noch ist nichts geschehen",
    text: "Anmeldungen, Schlüssel, Verbindungen und was rückgängig gemacht wurde, stehen hier.",
  },
  noChanges: {
    title: "Noch wurde keine Datei geändert",
    text: "Jedes Mal, wenn Einstellungsdateien geschrieben werden, steht die Änderung hier und lässt sich rückgängig machen.",
  },
  files: (amount) => count(amount, "Datei", "Dateien"),
  undone: "rückgängig gemacht",
  spent: "nicht mehr rückgängig zu machen",
  undo: "Rückgängig",
  undoLabel: (title) => `Rückgängig: ${title}`,
  confirm: {
    title: (title) => `„${title}“ rückgängig machen?`,
    noFiles: "Keine Datei ändert sich; nur, was Keystow über seine Verbindungen weiß.",
    keep: "Änderung behalten",
    undo: "Rückgängig machen",
    done: (title) => `Rückgängig gemacht: ${title}.`,
  },
};

export const filterWords: typeof english.filterWords = {
  label: "Ereignisse eingrenzen",
  text: "Namen oder Wort finden …",
  kind: "Art",
  anyKind: "Alles",
  kinds: {
    session: "Anmeldungen",
    workspace: "Arbeitsbereiche",
    server: "Server",
    key: "Schlüssel",
    rotation: "Wechsel",
    connection: "Verbindungen",
    change: "Änderungen an Dateien",
    doctor: "Reparaturen",
  },
  workspace: "Arbeitsbereich",
  anyWorkspace: "Jeder Arbeitsbereich",
  client: "Client",
  anyClient: "Jeder Client",
  time: "Zeit",
  days: (days) =>
    days === 0
      ? "Jederzeit"
      : days === 1
        ? "Letzte 24 Stunden"
        : days === 365
          ? "Letztes Jahr"
          : `Letzte ${count(days, "Tag", "Tage")}`,
  clear: "Alles zeigen",
  none: { title: "So etwas ist nicht geschehen", text: "Nach etwas anderem suchen oder zu jeder Zeit." },
  export: "Exportieren …",
  exportLabel: (what) => `Exportieren: ${what}`,
  exported: (lines, path) => `${count(lines, "Zeile", "Zeilen")} nach ${path} geschrieben.`,
  copyPath: "Pfad kopieren",
};
