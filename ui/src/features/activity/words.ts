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

export const filterWords = worded("filterWords", {
  label: "Narrow the trail",
  text: "Find a name or a word…",
  kind: "Kind",
  anyKind: "Everything",
  kinds: {
    session: "Sign-ins",
    workspace: "Workspaces",
    server: "Servers",
    key: "Keys",
    rotation: "Rotations",
    connection: "Connections",
    change: "Changes to files",
    doctor: "Repairs",
  },
  workspace: "Workspace",
  anyWorkspace: "Any workspace",
  client: "Client",
  anyClient: "Any client",
  time: "Time",
  days: (days: number) =>
    days === 0 ? "Any time" : days === 1 ? "Last 24 hours" : days === 365 ? "Last year" : `Last ${count(days, "day")}`,
  clear: "Show everything",
  none: { title: "Nothing like that happened", text: "Look for something else, or for any time." },
  export: "Export…",
  exportLabel: (what: string) => `Export: ${what}`,
  exported: (lines: number, path: string) => `Wrote ${count(lines, "line")} to ${path}.`,
  copyPath: "Copy path",
});
