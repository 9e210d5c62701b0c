import { count } from "../shared/words";

export const appWords = {
  main: "Main",
  keys: "Keys",
  connect: "Connect",
  activity: "Activity",
  settings: "Settings",
  keysCount: (amount: number) => count(amount, "key"),
  connectionsCount: (amount: number) => count(amount, "connection"),
  keychain: { unlocked: "Keychain unlocked", locked: "Keychain locked", absent: "No keychain" },
  workspaceMenu: (name: string) => `Workspace ${name}`,
  noWorkspace: "No workspace",
  signedOut: "signed out",
  workspaces: "Workspaces",
  signIn: "Sign in",
  signOut: (name: string) => `Sign out of ${name}`,
  signedOutToast: (name: string) => `Signed out of ${name}. Connected clients go on working.`,
  switched: (name: string) => `Now in ${name}.`,
  status: "Status",
  signedOutBanner: (name: string | undefined) =>
    name === undefined
      ? "No workspace is signed in."
      : `You are signed out of ${name}. Connected clients go on working.`,
  showAgain: "Show the page again",
  checkAgain: "Check again",
  unlock: "Unlock",
  starting: "Opening Keystow",
};
