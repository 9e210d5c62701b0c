import type { KeyState, KeyView } from "../../ipc";
import { number, worded } from "../../shared/language";
import { relative } from "../../shared/time";
import { count, listed, plural } from "../../shared/words";
import type { Reason } from "./bulk";
import type { TemplateName } from "./templates";

export const keysWords = worded("keysWords", {
  title: "Keys",
  filter: "Filter by name or last characters",
  newKey: "New key",
  section: { enabled: "Enabled", paused: "Paused", expired: "Expired" } satisfies Record<KeyState, string>,
  state: { enabled: "enabled", paused: "paused", expired: "expired" } satisfies Record<KeyState, string>,
  all: "All keys",
  everybody: "Everybody's keys",
  owner: "Owner",
  noOwner: "not told",
  columns: {
    name: "Name",
    key: "Key",
    scopes: "Scopes",
    usedBy: "Used by",
    created: "Created",
    lastUsed: "Last used",
    expires: "Expires",
  },
  choose: (name: string) => `Select ${name}`,
  chooseAll: "Select all keys",
  rotateAll: "Rotate all keys…",
  searching: "Searching",
  notHere: "not on this computer",
  notHereNote: "Its secret is not in this computer's keychain, so it cannot be copied or connected from here.",
  pasteIt: "Paste it…",
  replaceIt: "Replace it…",
  pasteKey: "Paste a key",
  details: "Details",
  stale: "This is what was known before.",
  accountBudget: (text: string) => `Your account: ${text}.`,
  budgetLeft: (remaining: number, limit: number) => `${number(remaining)} of ${count(limit, "request")} left`,
  budgetLimit: (limit: number, windowS: number | null) =>
    windowS === null ? count(limit, "request") : `${count(limit, "request")} in ${spanOf(windowS)}`,
  budgetFull: (when: string) => `full again ${when}`,
  remove: { revoke: "Revoke…", forget: "Remove…" },
  everything: "everything",
  readOnly: "read-only",
  noClient: "no client",
  neverUsed: "never",
  neverExpires: "never",
  replaced: "old key",
  replacedNote:
    "A rotation gave its clients a new key. This one is revoked when its time is over and none of them uses it any more.",
  goesSoon: "soon",
  more: "Loading",
  actionsColumn: "Actions",
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
  found: (total: number) => count(total, "key"),
  none: {
    title: "No key yet",
    text: "Make one here, or connect a client: each gets a key of its own, stowed in the keychain.",
  },
  nonePasted: {
    title: "No key yet",
    text: (product: string) => `Keys of ${product} are made in its dashboard. Paste one here and it is stowed.`,
  },
  cut: (amount: number) => `The first ${amount} of them.`,
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
});

export const hygieneWords = worded("hygieneWords", {
  title: "Worth a look",
  cards: {
    expiring: { title: "Expiring", text: "Expire within 14 days" },
    neverExpire: { title: "Never expires", text: "Good for ever, wherever they end up" },
    idle: { title: "Idle 90 days", text: "Not used for 90 days" },
    unused: { title: "No client", text: "Stowed here, and used by no client" },
    orphans: { title: "Orphans", text: "Made by Keystow, and nobody holds their secret" },
  },
});

const few = (amount: number) => count(amount, "key");

export const bulkWords = worded("bulkWords", {
  bar: "Selected keys",
  chosen: (amount: number) => `${number(amount)} selected`,
  chooseAll: (amount: number) => `Select all ${number(amount)}`,
  chooseFirst: (amount: number) => `Select the first ${number(amount)}`,
  clear: "Clear",
  verbs: { pause: "Pause…", resume: "Resume…", rotate: "Rotate…", revoke: "Revoke…", forget: "Remove…" },
  title: {
    pause: (amount: number) => `Pause ${few(amount)}?`,
    resume: (amount: number) => `Resume ${few(amount)}?`,
    rotate: (amount: number) => `Rotate ${few(amount)}?`,
    revoke: (amount: number) => `Revoke ${few(amount)}?`,
    forget: (amount: number) => `Remove ${few(amount)} from this computer?`,
  },
  everyTitle: "Rotate all keys of this workspace?",
  uses: (keys: readonly KeyView[], now: number) => {
    const users = [...new Set(keys.flatMap(({ usedBy }) => usedBy.map(({ name }) => name)))];
    const used = keys.filter(({ lastUsedAt }) => lastUsedAt !== null);
    const last = used.sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0))[0];
    const who =
      users.length === 0
        ? `No client on this computer uses ${plural(keys.length, "it", "them")}.`
        : `${listed(users)} ${plural(users.length, "uses", "use")} ${plural(keys.length, "it", "them")}.`;
    if (last === undefined) return `${who} ${plural(keys.length, "It was never used.", "None was ever used.")}`;
    if (keys.length === 1) return `${who} It was last used ${relative(last.lastUsedAt ?? 0, now)}.`;
    return `${who} ${last.name} was used last, ${relative(last.lastUsedAt ?? 0, now)}.`;
  },
  consequence: {
    pause: (amount: number) =>
      plural(
        amount,
        "Calls with it are refused until you resume it.",
        "Calls with them are refused until you resume them.",
      ),
    resume: (amount: number) => plural(amount, "Calls with it are taken again.", "Calls with them are taken again."),
    rotate: (amount: number) =>
      `${plural(amount, "It", "Each")} makes way for a new key with the same name, limits and lifetime. No call fails: clients that are open go over with their next call.`,
    revoke: (amount: number) =>
      `The next call with ${plural(amount, "it", "any of them")} is refused, at once and everywhere. This cannot be undone.`,
    forget: (amount: number) =>
      plural(
        amount,
        "It is only forgotten here: it stays good until you revoke it in the product's dashboard.",
        "They are only forgotten here: they stay good until you revoke them in the product's dashboard.",
      ),
  },
  byHand: "Only the dashboard makes keys: each new one is made there and pasted on the Rotations page.",
  noneToRotate: "There is no key that can be rotated.",
  elsewhere: (amount: number) =>
    `${few(amount)} more of this workspace ${plural(amount, "stays", "stay")} as ${plural(amount, "it is", "they are")}: this computer has nothing of ${plural(amount, "it", "them")}.`,
  grace: (amount: number) => plural(amount, "The old key is revoked", "Old keys are revoked"),
  graces: {
    now: "when every client is on the new one",
    hour: "after 1 hour",
    day: "after 24 hours",
    week: "after 7 days",
  },
  sure: {
    revoke: (amount: number) => `Yes, revoke ${plural(amount, "this", "these")} ${few(amount)} for good`,
    forget: (amount: number) => `Yes, remove ${plural(amount, "this", "these")} ${few(amount)} from this computer`,
  },
  act: {
    pause: (amount: number) => `Pause ${few(amount)}`,
    resume: (amount: number) => `Resume ${few(amount)}`,
    rotate: (amount: number) => `Rotate ${few(amount)}`,
    revoke: (amount: number) => `Revoke ${few(amount)}`,
    forget: (amount: number) => `Remove ${few(amount)}`,
  },
  keys: "Keys",
  more: (amount: number) => `and ${few(amount)} more`,
  moreStay: (amount: number) => `and ${few(amount)} more that ${plural(amount, "stays", "stay")}`,
  stays: "Stays:",
  reasons: {
    paused: "it is paused",
    enabled: "it is not paused",
    expired: "it is expired",
    not_here: "its secret is not on this computer",
    under_way: "it is being rotated already",
  } satisfies Record<Reason, string>,
  neverUsed: "never used",
  progress: (over: number, all: number) => `${number(over)} of ${few(all)}`,
  stop: "Stop",
  stopping: "Stopping after this one",
  states: { waiting: "waiting", doing: "under way", stopped: "not begun" },
  done: { pause: "paused", resume: "resumed", rotate: "rotation begun", revoke: "revoked", forget: "removed" },
  result: {
    pause: (done: number, all: number) => `Paused ${ofAll(done, all)}.`,
    resume: (done: number, all: number) => `Resumed ${ofAll(done, all)}.`,
    rotate: (done: number, all: number) => `Began to rotate ${ofAll(done, all)}.`,
    revoke: (done: number, all: number) => `Revoked ${ofAll(done, all)}.`,
    forget: (done: number, all: number) => `Removed ${ofAll(done, all)} from this computer.`,
  },
  rest: {
    pause: (amount: number) => `${few(amount)} ${plural(amount, "was", "were")} not paused.`,
    resume: (amount: number) => `${few(amount)} ${plural(amount, "was", "were")} not resumed.`,
    rotate: (amount: number) => `${few(amount)} ${plural(amount, "was", "were")} not rotated.`,
    revoke: (amount: number) => `${few(amount)} ${plural(amount, "was", "were")} not revoked.`,
    forget: (amount: number) => `${few(amount)} ${plural(amount, "was", "were")} not removed.`,
  },
  again: (amount: number) => `Try ${few(amount)} again`,
  showRotations: "Show rotations",
});

function ofAll(done: number, all: number): string {
  return done === all ? few(all) : `${number(done)} of ${few(all)}`;
}

export const limitWords = worded("limitWords", {
  scopes: "Scopes",
  scopesDefault: "None chosen: the product's default.",
  scopesChosen: (amount: number) => `${amount} chosen.`,
  searchScopes: "Search scopes",
  noScope: (search: string) => `No scope has “${search}” in it.`,
  otherScope: "Another scope",
  otherScopeNote: "The product has more than are listed; as it spells them.",
  otherScopeWrong: "A scope has no spaces and at most 100 characters.",
  addScope: "Add",
  presetNamed: "Preset",
  presetNamedNote: "As the product names it; empty: none.",
  preset: "Permissions",
  noPreset: "No preset",
  noPresetNote: "Whatever the scopes allow.",
  readOnly: "Read only",
  readOnlyNote: "Tools that change something are refused.",
  more: "More limits over MCP",
  lists: {
    tools: { title: "Tools", text: "Names with commas between; empty: all." },
    mcpPermissions: { title: "Permissions over MCP", text: "Names with commas between; empty: all the key has." },
    projects: { title: "Projects", text: "Ids with commas between; empty: none in particular." },
    instances: { title: "Instances", text: "Ids with commas between; empty: none in particular." },
  },
});

const EXPIRIES: Partial<Record<string, string>> = { "365": "1 year", never: "Never", date: "Date" };

export const createWords = worded("createWords", {
  title: "New key",
  name: "Name",
  namePlaceholder: "Reports on mira",
  nameHint: "How you will know it in this list.",
  nameMissing: "Give the key a name.",
  nameLong: (most: number) => `A name has at most ${most} characters.`,
  expires: "Expires",
  expiry: (choice: string) => EXPIRIES[choice] ?? `${choice} days`,
  date: "Last day",
  until: (day: string) => `Good until ${day}.`,
  forEver: "Good until it is revoked.",
  templates: "Start from",
  template: { readOnly: "Read only", reporting: "Reporting", full: "Full access" } satisfies Record<
    TemplateName,
    string
  >,
  dateMost: (days: number) => `At most ${days} days from now.`,
  dateWrong: "Choose a day to come, within what the product allows.",
  note: "Its secret goes straight into the keychain. It is never shown in this window.",
  create: "Create key",
  created: (name: string) => `Created ${name}. Its secret is stowed.`,
  stowedTitle: "Key created",
  stowedNote: "It lies in the keychain of this computer. Nothing shows it; what needs it gets it from there.",
  copy: "Copy key",
  connect: "Connect a client",
});

export const pasteWords = worded("pasteWords", {
  title: (product: string) => `Paste a key of ${product}`,
  titleOf: (name: string) => `Paste the secret of ${name}`,
  copyIt: "Copy the key where you have it, then paste it here.",
  copyItOf: (masked: string) => `Copy the key that looks like ${masked}, then paste it here.`,
  open: "Open the dashboard",
  once: "A product shows a key only once. Keystow reads it from the clipboard natively, checks it, and stows it; it never passes through this window.",
  name: "Name (optional)",
  nameHint: "Empty: what the product calls it.",
  paste: "Paste the key",
  stowed: (name: string) => `Stowed ${name}.`,
  nothing: "Nothing was stowed.",
});

export const replaceWords = worded("replaceWords", {
  title: (name: string) => `Replace ${name}?`,
  text: "A key just like it is made and stowed on this computer, and the clients that use it here get the new one.",
  consequence: "The old key is revoked: whoever holds it elsewhere is refused from then on.",
  keep: "Keep key",
  replace: "Replace key",
  replaced: (name: string) => `Replaced ${name}. Its secret is stowed.`,
});

export const usageWords = worded("usageWords", {
  never: "Never used.",
  last: "Last used",
  requests: (amount: number) => `${count(amount, "request")} this period.`,
  days: "Requests by day",
  chart: (from: string, to: string, amount: number) => `Requests from ${from} to ${to}: ${number(amount)} in all`,
  onDay: (day: string, amount: number) => `${day}: ${count(amount, "request")}`,
  quiet: (days: number) => `No request in the last ${days} days.`,
  asTable: "As a table",
  day: "Day",
  all: "All",
  others: "Others",
  endpoints: "Busiest endpoints",
  clients: "By client",
  lastBy: "last used",
});

const CAPABILITIES: Partial<Record<string, string>> = {
  rename: "Rename a key",
  pause: "Pause a key",
  expire: "Let a key expire",
  update_scopes: "Change what a key may do",
  usage: "See what a key was used for",
};

export const detailWords = worded("detailWords", {
  key: "Key",
  state: "State",
  created: "Made",
  rotation: "See the rotation",
  owner: "Owner",
  budget: "Budget",
  may: "May",
  change: "Change",
  save: "Save",
  changed: (name: string) => `Changed what ${name} may do.`,
  usage: "Usage",
  lastUsed: "Last used",
  notMore: "The product tells no more than that.",
  notTold: "The product does not tell how its keys are used, or this one never was.",
  scopes: "Scopes",
  preset: "Preset",
  writing: "Writing",
  refused: "refused",
  elsewhere: (product: string) => `What only the dashboard of ${product} can do`,
  capability: (what: string) => CAPABILITIES[what] ?? what,
  back: "All keys",
  gone: "This key cannot be shown",
  manage: "Manage",
  manageNamed: (client: string) => `Manage ${client}`,
  connect: "Connect a client",
  trail: "Trail",
  noTrail: "Nothing happened to it on this computer yet.",
  actions: "Actions",
  tools: "Tools",
  mcpPermissions: "Over MCP",
  projects: "Projects",
  instances: "Instances",
});

export const revokeWords = worded("revokeWords", {
  title: (name: string) => `Revoke ${name}?`,
  forgetTitle: (name: string) => `Remove ${name} from this computer?`,
  uses: (key: KeyView, now: number) => {
    const used = key.lastUsedAt === null ? "It was never used" : `It was last used ${relative(key.lastUsedAt, now)}`;
    if (key.usedBy.length === 0) return `No client on this computer uses it. ${used}.`;
    const use = key.usedBy.length === 1 ? "uses" : "use";
    return `${clientsOf(key)} ${use} this key. ${used}.`;
  },
  usesOther: (key: KeyView, now: number) => {
    const whose = key.owner === null ? "It is not known whose it is" : `It is a key of ${key.owner}`;
    const used = key.lastUsedAt === null ? "It was never used" : `It was last used ${relative(key.lastUsedAt, now)}`;
    return `${whose}. ${used}.`;
  },
  recent: "Used in the last 24 hours: something still relies on it.",
  consequence: "The next call with it is refused, at once and everywhere. This cannot be undone.",
  forgetConsequence: "It is only forgotten here: it stays good until you revoke it in the product's dashboard.",
  steps: "To revoke it",
  open: "Open the dashboard",
  keep: "Keep key",
  revoke: "Revoke key",
  forget: "Remove key",
  revoked: (name: string) => `Revoked ${name}.`,
  forgot: (name: string) => `Removed ${name} from this computer. It is still good until you revoke it.`,
});

/** `24 h`, `15 min`. */
function spanOf(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function clientsOf(key: KeyView): string {
  return listed([...new Set(key.usedBy.map(({ name }) => name))]);
}

export const rotateWords = worded("rotateWords", {
  title: (name: string) => `Rotate ${name}?`,
  text: "A new key with the same name, limits and lifetime takes its place. No call fails: clients that are open go over with their next call.",
  uses: (clients: number) =>
    clients === 0
      ? "No client on this computer uses it."
      : `${count(clients, "client")} ${plural(clients, "goes", "go")} over to the new key.`,
  grace: "The old key is revoked",
  graces: {
    now: "when every client is on the new one",
    hour: "after 1 hour",
    day: "after 24 hours",
    week: "after 7 days",
  },
  byHand: "Only the dashboard makes keys: you are told how, and the rest happens here.",
  rotate: "Rotate key",
  keep: "Keep key",
  started: (name: string) => `Rotating ${name}.`,
  done: (name: string) => `Rotated ${name}. The old key is revoked.`,
  show: "Show",
  menu: "Rotate…",
  leakedMenu: "Leaked: revoke now…",
  leakedTitle: (name: string) => `Revoke ${name} now?`,
  leaked:
    "For a key that leaked: it is revoked first, and replaced then. Calls in between fail, and so does whatever else uses it.",
  revokeNow: "Revoke and replace",
  revoked: (name: string) => `Revoked ${name}. Its clients use a new key.`,
});
