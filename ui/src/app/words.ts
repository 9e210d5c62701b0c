import { worded } from "../shared/language";
import { clock, day } from "../shared/time";
import { count, timeWords } from "../shared/words";

export const appWords = worded("appWords", {
  main: "Main",
  searchOrDo: "Search or do",
  searchOrDoOpen: "Search or do…",
  keys: "Keys",
  connect: "Connect",
  rotations: "Rotations",
  activity: "Activity",
  settings: "Settings",
  counts: {
    keys: (amount: number) => count(amount, "key"),
    connect: (amount: number) => count(amount, "connection"),
    rotations: (amount: number) => `${count(amount, "rotation")} under way`,
    activity: String,
    settings: String,
  },
  /** In the rail, which is short of room. */
  keychainMark: { unlocked: "Keychain", locked: "Keychain locked", absent: "No keychain" },
  keychain: { unlocked: "Keychain unlocked", locked: "Keychain locked", absent: "No keychain" },
  lockedBanner: "The keychain is locked. No key can be read or stowed until you unlock it.",
  workspaceMenu: "Workspace",
  noWorkspace: "No workspace",
  signedOut: "signed out",
  workspaces: "Workspaces",
  signIn: "Sign in",
  add: "Add a workspace…",
  manage: (name: string) => `Manage ${name}…`,
  added: (name: string) => `Added ${name}.`,
  tokenOver: "its token is over",
  signOut: (name: string) => `Sign out of ${name}`,
  signedOutToast: (name: string) => `Signed out of ${name}. Connected clients go on working.`,
  switched: (name: string) => `Now in ${name}.`,
  status: "Status",
  signedOutBanner: (name: string | undefined) =>
    name === undefined
      ? "No workspace is signed in."
      : `You are signed out of ${name}. Connected clients go on working.`,
  bridges: (amount: number) => count(amount, "bridge"),
  unreachableBanner: (name: string) => `${name} cannot be reached. You see what was known before.`,
  retry: "Try again",
  showAgain: "Show the page again",
  checkAgain: "Check again",
  unlock: "Unlock",
  starting: "Opening Keystow",
});

export const manageWords = worded("manageWords", {
  product: "Product",
  address: "Address",
  account: "Account",
  session: "Session",
  signedOut: "signed out",
  usable: "can be used",
  until: (at: number, now: number) => `signed in until ${day(at, now) === timeWords.today ? clock(at) : day(at, now)}`,
  tokenOver: "the pasted token ran out",
  name: "Name",
  nameMissing: "Give the workspace a name.",
  save: "Save",
  saved: (name: string) => `Saved ${name}.`,
  organization: "Organization",
  organizationNote: "Keys are those of the chosen one.",
  noOrganization: "The account belongs to no organization.",
  nowIn: (name: string) => `Now in ${name}.`,
  signOut: "Sign out",
  remove: "Remove…",
  removeAsk: (name: string) =>
    `Remove ${name} from this computer? You are signed out, and its keys leave the keychain. They stay valid at the product.`,
  removeConfirm: "Remove workspace",
  removed: (name: string) => `Removed ${name}. Its keys are still valid at the product.`,
  keep: "Keep workspace",
  toConnect: "Show its clients",
});
