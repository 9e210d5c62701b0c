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
