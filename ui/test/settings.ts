import type { PlaceView, RemovalView, SettingsView } from "../src/ipc";
import { cursorFile } from "./fixtures";

export const settings: SettingsView = {
  theme: "system",
  language: "system",
  keepBackupsDays: 30,
  clipboardS: 30,
  notifications: "all",
};

export const places: PlaceView[] = [
  { id: "program", path: "~/.local/share/keystow/bin", bytes: 14_200_000, exists: true },
  { id: "workspace", path: "~/.local/share/keystow/workspace", bytes: 81_920, exists: true },
  { id: "logs", path: "~/.local/share/keystow/logs", bytes: 512, exists: true },
  { id: "providers", path: "~/.config/keystow/providers", bytes: 0, exists: false },
  { id: "store", path: "~/.local/share/keystow/keystow.db", bytes: 122_880, exists: true },
];

export const removal: RemovalView = {
  files: [{ ...cursorFile, warnings: [] }],
  links: ["Zed"],
  secrets: [
    { name: "keys", count: 3 },
    { name: "sessions", count: 1 },
    { name: "others", count: 1 },
  ],
  places,
  kept: ["~/.config/keystow/providers/mine.toml"],
  revocable: [{ name: "Cursor on mira", masked: "ocore_k_••••••••3f9c", workspace: "Acme" }],
  elsewhere: [{ name: "Reports", masked: "mii_prod_••••••••77aa", workspace: "Adlyse" }],
  localKeys: 2,
  running: ["Cursor"],
  rotations: 0,
  problem: null,
};
