import { inLanguage, number, worded } from "./language";

/** Words that more than one page uses. */
export const words = worded("words", {
  cancel: "Cancel",
  close: "Close",
  dismiss: "Dismiss",
  done: "Done",
  tryAgain: "Try again",
  copyDetails: "Copy details",
  copied: "Copied",
  copy: (what: string) => `Copy ${what}`,
  address: "address",
  path: "path",
  loading: "Loading",
  undo: "Undo",
  undone: "Undone",
  nothingWritten: "Nothing was written.",
  restored: "The files are as they were.",
});

export type TimeUnit = "minute" | "hour" | "day" | "year";
const UNITS: Record<TimeUnit, string> = { minute: "min", hour: "h", day: "d", year: "y" };

export const timeWords = worded("timeWords", {
  justNow: "just now",
  inAMoment: "in a moment",
  today: "Today",
  yesterday: "Yesterday",
  ago: (amount: number, unit: TimeUnit) => `${amount} ${UNITS[unit]} ago`,
  ahead: (amount: number, unit: TimeUnit) => `in ${amount} ${UNITS[unit]}`,
});

/** `1 file`, `3 files`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${number(amount)} ${plural(amount, one, many)}`;
}

/** The word that goes with an amount. */
export function plural(amount: number, one: string, many: string): string {
  return inLanguage().plural.select(amount) === "one" ? one : many;
}

/** `Cursor`, `Cursor and Codex`, `Cursor, Codex and Zed`. */
export function listed(names: readonly string[]): string {
  return inLanguage().list.format(names);
}
