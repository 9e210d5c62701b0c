import { worded } from "../../shared/language";
import { count } from "../../shared/words";

export const activityWords = worded("activityWords", {
  title: "Activity",
  about: "What happened here, by name. This list stays on this computer.",
  trail: "Trail",
  changes: "Changes to files",
  more: "Show older",
  none: {
    title: "Nothing happened yet",
    text: "Sign-ins, keys, connections and what was undone are listed here.",
  },
  noChanges: {
    title: "No file was changed yet",
    text: "Each time settings files are written, the change is listed here and can be undone.",
  },
  files: (amount: number) => count(amount, "file"),
  undone: "undone",
  spent: "cannot be undone",
  undo: "Undo",
  undoLabel: (title: string) => `Undo: ${title}`,
  confirm: {
    title: (title: string) => `Undo “${title}”?`,
    noFiles: "No file changes; only what Keystow knows about its connections does.",
    keep: "Keep the change",
    undo: "Undo change",
    done: (title: string) => `Undone: ${title}.`,
  },
});
