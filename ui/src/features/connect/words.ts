import type { Checked, EntryState, ModeView, RepairAction, TargetView } from "../../ipc";
import { worded } from "../../shared/language";
import type { Wish } from "../../shared/plan";
import { count, listed } from "../../shared/words";

const TARGETS: Partial<Record<string, string>> = {
  user: "Everywhere",
  project: "One project",
  local: "One project, for you only",
  workspace: "One workspace",
};

export const connectWords = worded("connectWords", {
  title: "Connect",
  about: "An entry in the client's own settings file, without a key in it.",
  found: "On this computer",
  absent: "Not found here",
  absentNote: "Keystow looks again whenever you come back to this page.",
  connect: "Connect",
  anyway: (client: string) => `Connect ${client} all the same`,
  connectNamed: (client: string) => `Connect ${client}`,
  manage: "Manage",
  manageNamed: (client: string) => `Manage ${client}`,
  review: "Review",
  reviewNamed: (client: string) => `Review ${client}`,
  select: (client: string) => `Select ${client}`,
  connectSelected: (amount: number) => (amount === 0 ? "Connect selected" : `Connect ${amount} selected`),
  none: {
    title: "No AI client found",
    text: "Install one of the clients below, start it once, then look again.",
    action: "Look again",
  },
  signedOut: {
    title: "Sign in to connect clients",
    text: "A client is connected to a workspace. Sign in to one, or try the local one.",
    action: "Sign in",
  },
  state: {
    none: "not connected",
    fine: "connected",
    changed: "changed by hand",
    gone: "entry is gone",
    wiped: "client dropped it",
    stale: "out of date",
    unreadable: "file unreadable",
  } satisfies Record<EntryState | "none", string>,
  explain: {
    fine: null,
    changed: "The entry differs from what Keystow wrote. Keep it as it is now, or restore ours.",
    gone: "The entry is not in the file any more; the other servers are. Restore it, or forget the connection.",
    wiped: "The file has no servers at all any more. The client itself may have dropped them. Restore ours.",
    stale: "The entry names a place where Keystow is no longer. Restore it.",
    unreadable: null,
  } satisfies Record<EntryState, string | null>,
  checked: {
    run: null,
    source: null,
    documentation: null,
    unverified: "unverified",
  } satisfies Record<Checked, string | null>,
  unverifiedNote: (on: string) =>
    `Where this client keeps its settings is second hand, as of ${on}. Look at the preview.`,
  fileMissing: "not there yet; it is made",
  files: (amount: number) => count(amount, "settings file"),
  version: (version: string) => `checked with ${version}`,
  preview: {
    connect: (clients: readonly string[]) => `Connect ${listed(clients)}`,
    disconnect: (client: string) => `Disconnect ${client}`,
    repair: {
      restore: (client: string) => `Restore ${client}'s entry`,
      adopt: (client: string) => `Keep ${client}'s entry as it is`,
      forget: (client: string) => `Forget ${client}'s connection`,
    } satisfies Record<RepairAction, (client: string) => string>,
  },
  servers: {
    title: "Servers of this workspace",
    auth: (auth: readonly string[]) =>
      listed(auth.map((each) => (each === "oauth" ? "sign-in" : each === "key" ? "key" : each))),
    address: (name: string) => `address of ${name}`,
    noUrl: "Its address is not known before an organization is chosen.",
    isSignedIn: "signed in",
    signIn: "Sign in",
    signInTo: (name: string) => `Sign in to ${name}`,
    signOut: "Sign out",
    signOutOf: (name: string) => `Sign out of ${name}`,
    signedIn: (name: string) => `Signed in to ${name}.`,
    signedOutToast: (name: string) => `Signed out of ${name}. Its tokens are gone from the keychain.`,
    choose: "Which servers?",
    chooseOne: "Tick at least one.",
    signInFirst: "Takes no key: sign in to it first, below the clients.",
    step: (number: number, of: number, name: string) => `${number} of ${of}: ${name}`,
    skip: "Skip",
  },
  links: {
    section: "By link",
    button: "Show links",
    buttonLabel: (client: string) => `Show links for ${client}`,
    title: (client: string) => `Connect ${client} by link`,
    about: (starts: boolean): string =>
      starts
        ? "Each of these adds the entry in the client itself. None has a key in it: the entry starts Keystow, which asks the keychain."
        : "Each of these adds the server in the client itself. None has a key in it.",
    open: "Open",
    openLabel: (title: string) => `Open: ${title}`,
    copy: "Copy",
    copyLabel: (title: string) => `Copy: ${title}`,
    ofFile: "It has a settings file; it can also add the entry by itself.",
    server: "Server",
    expose: "Also those with the key in them",
    exposeNote:
      "Riskier: whoever sees such a link has the key. It is never shown here, only copied, and leaves the clipboard by itself.",
    hidden: "Not shown: the key is in it.",
    copied: (name: string, seconds: number) => `Copied a link with ${name} in it. Clears in ${seconds} s.`,
  },
  options: {
    target: "Settings file",
    targetName: ({ id, title, path }: TargetView) => `${title ?? TARGETS[id] ?? id} (${path})`,
    project: "Project",
    projectPlaceholder: "/home/you/project",
    mode: "How it reaches the server",
    modes: {
      bridge: "Keystow relays (works everywhere)",
      helper: "By itself; Keystow hands it the key",
      exec: "Keystow starts a program with the key",
      link: "By a link",
    } satisfies Record<ModeView, string>,
  },
  unwritten: (wish: Wish): string | null =>
    wish.does === "connect"
      ? null
      : wish.does === "disconnect" || wish.action !== "adopt"
        ? "Forget connection"
        : "Keep as it is",
  proof: (clients: readonly string[]) => `${listed(clients)} ${clients.length === 1 ? "is" : "are"} connected`,
  proofNote: "Each entry is started here the way its client starts it.",
  connected: (clients: readonly string[]) => `Connected ${listed(clients)}.`,
  repaired: {
    restore: (client: string) => `Restored ${client}'s entry.`,
    adopt: (client: string) => `${client}'s entry is kept as it is.`,
    forget: (client: string) => `Forgot ${client}'s connection. Its key is still in the keychain.`,
  } satisfies Record<RepairAction, (client: string) => string>,
  disconnected: (client: string) => `Disconnected ${client}. Its key is still in the keychain.`,
  undone: "Undone. The files are as they were.",
  drawer: {
    file: "Settings file",
    mode: "Way",
    entry: "Entry",
    key: "Key",
    since: "Connected",
    known: "Known",
    knownFrom: {
      run: "tried with the client itself",
      source: "from its source code",
      documentation: "from its documentation",
      unverified: "second hand",
    } satisfies Record<Checked, string>,
    knownBy: (how: string, version: string | null, on: string) =>
      [how, version === null ? null : `version ${version}`, on === "" ? null : on].filter(Boolean).join(", "),
    tools: "Tools",
    probe: "Start it and ask",
    probeAgain: "Ask again",
    asking: "Starting…",
    never: "Not asked since Keystow was opened.",
    none: "It answered, and has no tools.",
    repair: { restore: "Restore it", adopt: "Keep as it is", forget: "Forget it" } satisfies Record<
      RepairAction,
      string
    >,
    compare: "Compare",
    cannotKeep: (why: string) => `It cannot stay as it is. ${why}.`,
    compareTitle: (name: string) => `${name}, three ways`,
    sides: { base: "As Keystow wrote it", theirs: "As it stands in the file", ours: "As it would be written today" },
    nothing: "nothing",
    differences: { byHand: "Changed by hand", outOfDate: "Out of date" },
    disconnect: "Disconnect",
    reload: {
      live: "Takes up changes by itself.",
      window: "Takes up changes when its window is reloaded.",
      restart: "Takes up changes when it is started again.",
    },
  },
  tools: (amount: number) => count(amount, "tool"),
});
