import { listed } from "../words";
import type * as english from "./words";

const VERBS: readonly (readonly [capability: string, verb: string])[] = [
  ["create", "angelegt"],
  ["pause", "pausiert"],
  ["update_scopes", "beschränkt"],
  ["delete", "widerrufen"],
];

export const addWords: typeof english.addWords = {
  title: "Arbeitsbereich hinzufügen",
  about: "Ein Arbeitsbereich ist ein Konto bei einem Produkt. Seine Schlüssel werden auf diesem Computer verwahrt.",
  can: ({ capabilities, id }) => {
    if (id === "custom") return "Schlüssel werden eingefügt.";
    const verbs = VERBS.flatMap(([capability, verb]) => (capabilities.includes(capability) ? [verb] : []));
    return verbs.length === 0
      ? "Schlüssel entstehen in seinem Dashboard und werden hier eingefügt."
      : `Schlüssel werden von hier aus ${listed(verbs)}.`;
  },
  providers: "Produkte",
  own: "eigene Datei",
  back: "Zurück",
  formTitle: (name) => `${name} hinzufügen`,
  base: "Wo ist es?",
  ownBase: "Andere Adresse",
  baseLabel: "Adresse",
  baseMissing: (example) => `Die Adresse eingeben, etwa ${example}.`,
  method: "Wie anmelden?",
  methods: {
    password: {
      title: "Login und Passwort",
      text: "Das Passwort kommt aus der Zwischenablage, nicht von der Tastatur.",
    },
    device: {
      title: "Code auf einem anderen Bildschirm",
      text: "Keystow zeigt einen Code; er wird auf der Seite des Produkts eingegeben.",
    },
    token: { title: "Token", text: "Im Produkt anlegen, kopieren, dann hier einfügen." },
    browser: { title: "Browser", text: "Die Seite des Produkts fragt; danach geht es hier weiter." },
  },
  login: "Login",
  loginPlaceholder: "ada@example.com",
  loginMissing: "Zuerst den Login eingeben.",
  start: {
    password: "Passwort einfügen und anmelden",
    device: "Code holen",
    token: "Token einfügen",
    browser: "Browser öffnen",
  },
  local: "Lokalen Arbeitsbereich nehmen",
  clipboardNote: "Zuerst kopieren. Keystow liest die Zwischenablage selbst; der Inhalt geht nie durch dieses Fenster.",
  add: "Hinzufügen",
  noSignIn: "Von hier aus gibt es kein Konto zum Anmelden: Schlüssel werden eingefügt.",
  headerMissing: (title) => `${title} wird gebraucht.`,
  optional: "optional",
  unsure: "Was nicht sicher ist",
  custom: {
    title: "Server hinzufügen",
    name: "Name",
    namePlaceholder: "Ticketsystem",
    nameMissing: "Dem Server einen Namen geben.",
    url: "MCP-Adresse",
    urlMissing: "Die MCP-Adresse des Servers eingeben, etwa https://mcp.example.com/mcp.",
    header: "Header, der den Schlüssel trägt",
    scheme: "Wort vor dem Schlüssel",
    schemeHint: "Leer: Der Schlüssel steht allein.",
    note: "Keystow schreibt daraus eine eigene Anbieterdatei. Sie lässt sich später ändern.",
    add: "Server hinzufügen",
  },
  done: (name) => `${name} ist hinzugefügt.`,
};
