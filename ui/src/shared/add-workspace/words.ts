import type { Method, ProviderView } from "../../ipc";
import { worded } from "../language";
import { listed } from "../words";

const VERBS: readonly (readonly [capability: string, verb: string])[] = [
  ["create", "make"],
  ["pause", "pause"],
  ["update_scopes", "limit"],
  ["delete", "revoke"],
];

export const addWords = worded("addWords", {
  title: "Add a workspace",
  about: "Each workspace is an account at a product. Its keys are stowed on this computer.",
  can: ({ capabilities, id }: ProviderView) => {
    if (id === "custom") return "Keys are pasted.";
    const verbs = VERBS.flatMap(([capability, verb]) => (capabilities.includes(capability) ? [verb] : []));
    return verbs.length === 0
      ? "Keys are made in its dashboard and pasted here."
      : `You ${listed(verbs)} keys from here.`;
  },
  providers: "Products",
  own: "your file",
  back: "Back",
  formTitle: (name: string) => `Add ${name}`,
  base: "Where is it?",
  ownBase: "Another address",
  baseLabel: "Address",
  baseMissing: (example: string) => `Type its address, such as ${example}.`,
  method: "How do you sign in?",
  methods: {
    password: { title: "Login and password", text: "The password is taken from the clipboard, not typed here." },
    device: { title: "Code on another screen", text: "Keystow shows a code; you type it on the product's page." },
    token: { title: "Token", text: "Make one in the product, copy it, then paste it here." },
    browser: { title: "Browser", text: "The product's own page asks you; then you come back here." },
  } satisfies Record<Method, { title: string; text: string }>,
  login: "Login",
  loginPlaceholder: "ada@example.com",
  loginMissing: "Type the login first.",
  start: {
    password: "Paste the password and sign in",
    device: "Get a code",
    token: "Paste the token",
    browser: "Open the browser",
  } satisfies Record<Method, string>,
  local: "Use the local workspace",
  clipboardNote: "Copy it first. Keystow reads the clipboard natively; it never passes through this window.",
  add: "Add",
  noSignIn: "There is no account to sign in to from here: you paste its keys.",
  headerMissing: (title: string) => `${title} is needed.`,
  optional: "optional",
  unsure: "What is not sure",
  custom: {
    title: "Add a server",
    name: "Name",
    namePlaceholder: "Issue tracker",
    nameMissing: "Give the server a name.",
    url: "MCP address",
    urlMissing: "Type the server's MCP address, such as https://mcp.example.com/mcp.",
    header: "Header that carries the key",
    scheme: "Word before the key",
    schemeHint: "Empty: the key stands alone.",
    note: "Keystow writes a provider file of your own from this. You can change it later.",
    add: "Add the server",
  },
  done: (name: string) => `Added ${name}.`,
});
