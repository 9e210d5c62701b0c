/** Words that more than one page uses. */
export const words = {
  cancel: "Cancel",
  close: "Close",
  done: "Done",
  tryAgain: "Try again",
  copyDetails: "Copy details",
  copied: "Copied",
  loading: "Loading",
  undo: "Undo",
  undone: "Undone",
  nothingWritten: "Nothing was written.",
  restored: "The files are as they were.",
};

/** `1 file`, `3 files`. */
export function count(amount: number, one: string, many = `${one}s`): string {
  return `${amount.toLocaleString("en")} ${amount === 1 ? one : many}`;
}

/** `Cursor`, `Cursor and Codex`, `Cursor, Codex and Zed`. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "conjunction" }).format(names);
}
