import type * as english from "./words";
import type { TimeUnit } from "./words";

// Written short: they stand in narrow columns.
const UNITS: Record<TimeUnit, string> = { minute: "Min.", hour: "Std.", day: "T.", year: "J." };

export const words: typeof english.words = {
  cancel: "Abbrechen",
  close: "Schließen",
  dismiss: "Ausblenden",
  done: "Fertig",
  tryAgain: "Noch einmal",
  copyDetails: "Einzelheiten kopieren",
  copied: "Kopiert",
  copy: (what) => `${what} kopieren`,
  address: "Adresse",
  path: "Pfad",
  loading: "Wird geladen",
  undo: "Rückgängig",
  undone: "Rückgängig gemacht",
  nothingWritten: "Nichts wurde geschrieben.",
  restored: "Die Dateien sind wie zuvor.",
};

export const timeWords: typeof english.timeWords = {
  justNow: "gerade eben",
  inAMoment: "gleich",
  today: "Heute",
  yesterday: "Gestern",
  ago: (amount, unit) => `vor ${amount} ${UNITS[unit]}`,
  ahead: (amount, unit) => `in ${amount} ${UNITS[unit]}`,
};
