import { worded } from "../../shared/language";

export const linkWords = worded("linkWords", {
  refused: "A link was refused",
  outside: "A page or a program opened this link. Nothing of it is done unless you say so here.",
  nothingDone: "Nothing was done.",
  host: "Goes to",
  local: "this computer",
  unknown: "not known here",
  connect: {
    title: "A link asks to connect clients",
    workspace: "Workspace",
    otherWorkspace: "not the one in use",
    server: "Server",
    entry: "Entry",
    clients: "Into these clients",
    choose: "Into which clients? The link names none.",
  },
  provider: {
    title: "A link asks to add a provider",
    name: "Name",
    address: "Address",
    header: "Its key is sent as",
    follows:
      "This file is written, and the provider becomes the workspace in use. No key is sent anywhere until you paste one for it.",
    write: "Write file and add",
    added: (name: string) => `Added ${name}. Paste its key on the Keys page.`,
  },
});
