import type { WorkspaceView } from "../../ipc";
import { worded } from "../../shared/language";
import { count } from "../../shared/words";

export const firstRunWords = worded("firstRunWords", {
  title: "Stow your keys. Connect your clients.",
  back: "Sign in to go on",
  promise: "Keys live in this computer's keychain. Settings files only name a connection, never a key.",
  skip: "Skip",
  steps: { signIn: "Sign in", key: "A key", connect: "Connect" },
  did: "Done so far",
  signIn: {
    heading: "Where do your keys live?",
    local: "Try with a local workspace",
    localNote: "A small server on this computer. No account, no question asked.",
    product: "Add a workspace of a product",
    productNote: "oCore, Atlas, Adlyse, CreatorAudit, Aidelly, any better-auth app, or a server of your own.",
    again: (name: string) => `Sign in to ${name}`,
    againNote: "Its session is gone. Connected clients go on working.",
    browser: "Sign in to the local workspace with the browser",
    done: ({ name, login }: WorkspaceView) => (login === "" ? `Added ${name}.` : `Signed in to ${name} as ${login}.`),
  },
  key: {
    heading: "Each client gets a key of its own",
    text: "It is made when you connect the client and goes straight into the keychain. When a client misbehaves, you revoke its key and no other.",
    next: "Continue",
    ownName: "Name of the key",
    ownOpen: "Make one by hand too",
    ownMake: "Make key",
    placeholder: "Scripts on mira",
    done: "Clients get a key each; made when they connect, stowed in the keychain.",
    pasteHeading: "Paste a key of this product",
    pasteText:
      "Its keys are made in its dashboard, which shows each one only once. Copy it there, then paste it here: Keystow reads the clipboard natively and stows it in the keychain.",
    openDashboard: "Open the dashboard",
    paste: "Paste the key",
    pasteLater: "Later",
    pasted: (name: string) => `Stowed ${name}.`,
    later: "No key yet; paste one on the Keys page.",
    made: (name: string) => `Made and stowed ${name}. Clients get a key each.`,
  },
  connect: {
    heading: "Connect what is on this computer",
    text: "You see every file before it is written.",
    preview: (amount: number) => (amount === 0 ? "Preview" : `Preview ${count(amount, "client")}`),
    connected: "connected",
    absent: (names: readonly string[]) => `Not found here: ${names.join(", ")}.`,
    none: {
      title: "No AI client found yet",
      text: "Install one, start it once, then look again. You can also connect it later.",
      action: "Look again",
    },
    previewHeading: "Look before it is written",
    backToList: "Back",
    proof: "Each one starts the way its client starts it",
    end: "Your key is in the keychain. No file on this computer holds it.",
    open: "Open Keystow",
  },
});
