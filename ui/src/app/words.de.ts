import { clock, day } from "../shared/time";
import { count, timeWords } from "../shared/words";
import type * as english from "./words";

export const appWords: typeof english.appWords = {
  main: "Hauptnavigation",
  searchOrDo: "Suchen oder tun",
  searchOrDoOpen: "Suchen …",
  keys: "Schlüssel",
  connect: "Verbinden",
  rotations: "Wechsel",
  activity: "Verlauf",
  settings: "Einstellungen",
  counts: {
    keys: (amount) => count(amount, "Schlüssel", "Schlüssel"),
    connect: (amount) => count(amount, "Verbindung", "Verbindungen"),
    rotations: (amount) => `${count(amount, "Wechsel", "Wechsel")} im Gang`,
    activity: String,
    settings: String,
  },
  keychainMark: { unlocked: "Schlüsselbund", locked: "Schlüsselbund gesperrt", absent: "Kein Schlüsselbund" },
  keychain: {
    unlocked: "Schlüsselbund offen",
    locked: "Schlüsselbund gesperrt",
    absent: "Kein Schlüsselbund",
  },
  lockedBanner: "Der Schlüsselbund ist gesperrt. Bis Sie ihn entsperren, wird kein Schlüssel gelesen oder verwahrt.",
  workspaceMenu: "Arbeitsbereich",
  noWorkspace: "Kein Arbeitsbereich",
  signedOut: "abgemeldet",
  workspaces: "Arbeitsbereiche",
  signIn: "Anmelden",
  add: "Arbeitsbereich hinzufügen …",
  manage: (name) => `${name} verwalten …`,
  added: (name) => `${name} ist hinzugefügt.`,
  tokenOver: "sein Token ist abgelaufen",
  signOut: (name) => `Von ${name} abmelden`,
  signedOutToast: (name) => `Von ${name} abgemeldet. Verbundene Clients arbeiten weiter.`,
  switched: (name) => `Jetzt in ${name}.`,
  status: "Status",
  signedOutBanner: (name) =>
    name === undefined
      ? "Kein Arbeitsbereich ist angemeldet."
      : `Bei ${name} nicht mehr angemeldet. Verbundene Clients arbeiten weiter.`,
  bridges: (amount) => count(amount, "Brücke", "Brücken"),
  unreachableBanner: (name) => `${name} ist nicht erreichbar. Zu sehen ist der Stand von vorher.`,
  retry: "Erneut versuchen",
  showAgain: "Seite noch einmal zeigen",
  checkAgain: "Noch einmal prüfen",
  unlock: "Entsperren",
  starting: "Keystow wird geöffnet",
};

export const manageWords: typeof english.manageWords = {
  product: "Produkt",
  address: "Adresse",
  account: "Konto",
  session: "Sitzung",
  signedOut: "abgemeldet",
  usable: "nutzbar",
  until: (at, now) => `angemeldet bis ${day(at, now) === timeWords.today ? clock(at) : day(at, now)}`,
  tokenOver: "das eingefügte Token ist abgelaufen",
  name: "Name",
  nameMissing: "Dem Arbeitsbereich einen Namen geben.",
  save: "Speichern",
  saved: (name) => `${name} gespeichert.`,
  organization: "Organisation",
  organizationNote: "Die Schlüssel sind die der gewählten.",
  noOrganization: "Das Konto gehört zu keiner Organisation.",
  nowIn: (name) => `Jetzt in ${name}.`,
  signOut: "Abmelden",
  remove: "Entfernen …",
  removeAsk: (name) =>
    `${name} von diesem Computer entfernen? Die Anmeldung endet, und seine Schlüssel verlassen den Schlüsselbund. Beim Produkt gelten sie weiter.`,
  removeConfirm: "Arbeitsbereich entfernen",
  removed: (name) => `${name} entfernt. Seine Schlüssel gelten beim Produkt weiter.`,
  keep: "Arbeitsbereich behalten",
  toConnect: "Seine Clients zeigen",
};
