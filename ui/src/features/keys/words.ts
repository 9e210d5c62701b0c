import type { KeyState, KeyView } from "../../ipc";
import { relative } from "../../shared/time";
import { count, listed } from "../../shared/words";

export const keysWords = {
  title: "Keys",
  filter: "Filter by name or last characters",
  newKey: "New key",
  section: { enabled: "Enabled", paused: "Paused", expired: "Expired" } satisfies Record<KeyState, string>,
  state: { enabled: "enabled", paused: "paused", expired: "expired" } satisfies Record<KeyState, string>,
  all: "All keys",
  columns: { name: "Name", key: "Key", scopes: "Scopes", usedBy: "Used by", lastUsed: "Last used", expires: "Expires" },
  notHere: "not on this computer",
  notHereNote: "Its secret is not in this computer's keychain, so it cannot be copied or connected from here.",
  everything: "everything",
  readOnly: "read-only",
  noClient: "no client",
  neverUsed: "never",
  neverExpires: "never",
  more: "Loading",
  actions: (name: string) => `Actions for ${name}`,
  copy: "Copy",
  copyKey: (name: string) => `Copy key ${name}`,
  copied: (name: string, seconds: number) => `Copied ${name}. Clears in ${seconds} s.`,
  rename: "Rename",
  renameNamed: (name: string) => `Rename ${name}`,
  renameLabel: (name: string) => `New name for ${name}`,
  pause: "Pause",
  resume: "Resume",
  paused: (key: KeyView) =>
    key.usedBy.length === 0
      ? `Paused ${key.name}.`
      : `Paused ${key.name}. ${clientsOf(key)} ${key.usedBy.length === 1 ? "is" : "are"} refused until you resume it.`,
  resumed: (key: KeyView) => `Resumed ${key.name}.`,
  revoke: "Revoke…",
  found: (total: number) => count(total, "key"),
  none: {
    title: "No key yet",
    text: "Make one here, or connect a client: each gets a key of its own, stowed in the keychain.",
  },
  noMatch: {
    title: "No key matches",
    text: (search: string) => `Nothing has “${search}” in its name or at its visible ends.`,
    action: "Clear filter",
  },
  signedOut: {
    title: "Sign in to see your keys",
    text: "Connected clients go on working while you are signed out.",
    action: "Sign in",
  },
};

export const createWords = {
  title: "New key",
  name: "Name",
  namePlaceholder: "Reports on mira",
  nameHint: "How you will know it in this list.",
  nameMissing: "Give the key a name.",
  nameLong: "A name has at most 100 characters.",
  may: "May",
  access: {
    full: { title: "Everything", text: "All tools, those that change something too." },
    "read-only": { title: "Read only", text: "Tools that change something are refused." },
    reporting: { title: "Reporting", text: "Only tools that report on keys and usage." },
  },
  expires: "Expires",
  expiry: { "30": "30 days", "90": "90 days", "365": "1 year", never: "Never" },
  note: "Its secret goes straight into the keychain. It is never shown in this window.",
  create: "Create key",
  created: (name: string) => `Created ${name}. Its secret is stowed.`,
};

export const revokeWords = {
  title: (name: string) => `Revoke ${name}?`,
  uses: (key: KeyView, now: number) => {
    const used = key.lastUsedAt === null ? "It was never used" : `It was last used ${relative(key.lastUsedAt, now)}`;
    if (key.usedBy.length === 0) return `No client on this computer uses it. ${used}.`;
    const use = key.usedBy.length === 1 ? "uses" : "use";
    return `${clientsOf(key)} ${use} this key. ${used}.`;
  },
  consequence: "The next call with it is refused, at once and everywhere. This cannot be undone.",
  keep: "Keep key",
  revoke: "Revoke key",
  revoked: (name: string) => `Revoked ${name}.`,
};

function clientsOf(key: KeyView): string {
  return listed([...new Set(key.usedBy.map(({ name }) => name))]);
}
