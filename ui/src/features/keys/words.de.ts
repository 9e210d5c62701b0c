import type { KeyView } from "../../ipc";
import { number } from "../../shared/language";
import { relative } from "../../shared/time";
import { count, listed } from "../../shared/words";
import type * as english from "./words";

export const keysWords: typeof english.keysWords = {
  title: "Schlüssel",
  filter: "Nach Namen oder letzten Zeichen filtern",
  newKey: "Neuer Schlüssel",
  section: { enabled: "Aktiv", paused: "Pausiert", expired: "Abgelaufen" },
  state: { enabled: "aktiv", paused: "pausiert", expired: "abgelaufen" },
  all: "Alle Schlüssel",
  everybody: "Schlüssel von allen",
  owner: "Wem er gehört",
  noOwner: "nicht gesagt",
  columns: {
    name: "Name",
    key: "Schlüssel",
    scopes: "Rechte",
    usedBy: "Benutzt von",
    created: "Angelegt",
    lastUsed: "Zuletzt",
    expires: "Läuft ab",
  },
  choose: (name) => `${name} auswählen`,
  chooseAll: "Alle Schlüssel auswählen",
  rotateAll: "Alle wechseln …",
  searching: "Wird gesucht",
  notHere: "nicht auf diesem Computer",
  notHereNote:
    "Sein Geheimnis liegt nicht im Schlüsselbund dieses Computers; von hier aus lässt er sich weder kopieren noch verbinden.",
  pasteIt: "Einfügen …",
  replaceIt: "Ersetzen …",
  pasteKey: "Schlüssel einfügen",
  details: "Einzelheiten",
  stale: "Das ist der Stand von vorher.",
  accountBudget: (text) => `Das Konto: ${text}.`,
  budgetLeft: (remaining, limit) => `noch ${number(remaining)} von ${count(limit, "Anfrage", "Anfragen")}`,
  budgetLimit: (limit, windowS) =>
    windowS === null
      ? count(limit, "Anfrage", "Anfragen")
      : `${count(limit, "Anfrage", "Anfragen")} in ${spanOf(windowS)}`,
  budgetFull: (when) => `${when} wieder voll`,
  remove: { revoke: "Widerrufen …", forget: "Entfernen …" },
  everything: "alles",
  readOnly: "nur lesen",
  noClient: "kein Client",
  neverUsed: "nie",
  neverExpires: "nie",
  replaced: "alter Schlüssel",
  replacedNote:
    "Ein Wechsel gab seinen Clients einen neuen Schlüssel. Dieser wird widerrufen, wenn seine Frist um ist und keiner ihn mehr benutzt.",
  goesSoon: "bald",
  more: "Wird geladen",
  actionsColumn: "Aktionen",
  actions: (name) => `Aktionen für ${name}`,
  copy: "Kopieren",
  copyKey: (name) => `Schlüssel ${name} kopieren`,
  copied: (name, seconds) => `${name} kopiert. Wird in ${seconds} s gelöscht.`,
  rename: "Umbenennen",
  renameNamed: (name) => `${name} umbenennen`,
  renameLabel: (name) => `Neuer Name für ${name}`,
  pause: "Pausieren",
  resume: "Fortsetzen",
  paused: (key) =>
    key.usedBy.length === 0
      ? `${key.name} pausiert.`
      : `${key.name} pausiert. ${clientsOf(key)} ${key.usedBy.length === 1 ? "wird" : "werden"} abgewiesen, bis er fortgesetzt wird.`,
  resumed: (key) => `${key.name} fortgesetzt.`,
  found: (total) => count(total, "Schlüssel", "Schlüssel"),
  none: {
    title: "Noch kein Schlüssel",
    text: "Hier einen anlegen oder einen Client verbinden: Jeder bekommt einen eigenen Schlüssel, verwahrt im Schlüsselbund.",
  },
  nonePasted: {
    title: "Noch kein Schlüssel",
    text: (product) => `Schlüssel von ${product} entstehen in seinem Dashboard. Hier einfügen, dann ist er verwahrt.`,
  },
  cut: (amount) => `Die ersten ${amount} davon.`,
  noMatch: {
    title: "Kein Schlüssel passt",
    text: (search) => `Nichts hat „${search}“ im Namen oder an den sichtbaren Enden.`,
    action: "Filter leeren",
  },
  signedOut: {
    title: "Anmelden, um die Schlüssel zu sehen",
    text: "Verbundene Clients arbeiten ohne Anmeldung weiter.",
    action: "Anmelden",
  },
};

export const hygieneWords: typeof english.hygieneWords = {
  title: "Einen Blick wert",
  cards: {
    expiring: { title: "Läuft ab", text: "Läuft in den nächsten 14 Tagen ab" },
    neverExpire: { title: "Läuft nie ab", text: "Gilt für immer, wo auch immer er landet" },
    idle: { title: "90 Tage still", text: "Seit 90 Tagen nicht benutzt" },
    unused: { title: "Kein Client", text: "Hier verwahrt, von keinem Client benutzt" },
    orphans: { title: "Verwaist", text: "Von Keystow angelegt, und niemand hat sein Geheimnis" },
  },
};

/** „1 Schlüssel“, „3 Schlüssel“. */
const few = (amount: number) => count(amount, "Schlüssel", "Schlüssel");
const ofAll = (done: number, all: number) => (done === all ? few(all) : `${number(done)} von ${few(all)}`);

export const bulkWords: typeof english.bulkWords = {
  bar: "Ausgewählte Schlüssel",
  chosen: (amount) => `${number(amount)} ausgewählt`,
  chooseAll: (amount) => `Alle ${number(amount)} auswählen`,
  chooseFirst: (amount) => `Die ersten ${number(amount)} auswählen`,
  clear: "Aufheben",
  verbs: {
    pause: "Pausieren …",
    resume: "Fortsetzen …",
    rotate: "Wechseln …",
    revoke: "Widerrufen …",
    forget: "Entfernen …",
  },
  title: {
    pause: (amount) => `${few(amount)} pausieren?`,
    resume: (amount) => `${few(amount)} fortsetzen?`,
    rotate: (amount) => `${few(amount)} wechseln?`,
    revoke: (amount) => `${few(amount)} widerrufen?`,
    forget: (amount) => `${few(amount)} von diesem Computer entfernen?`,
  },
  everyTitle: "Alle Schlüssel dieses Arbeitsbereichs wechseln?",
  uses: (keys, now) => {
    const users = [...new Set(keys.flatMap(({ usedBy }) => usedBy.map(({ name }) => name)))];
    const used = keys.filter(({ lastUsedAt }) => lastUsedAt !== null);
    const last = used.sort((a, b) => (b.lastUsedAt ?? 0) - (a.lastUsedAt ?? 0))[0];
    const who =
      users.length === 0
        ? `Kein Client auf diesem Computer benutzt ${keys.length === 1 ? "ihn" : "sie"}.`
        : `${listed(users)} ${users.length === 1 ? "benutzt" : "benutzen"} ${keys.length === 1 ? "ihn" : "sie"}.`;
    if (last === undefined) return `${who} ${keys.length === 1 ? "Er wurde nie benutzt." : "Keiner wurde je benutzt."}`;
    if (keys.length === 1) return `${who} Zuletzt benutzt ${relative(last.lastUsedAt ?? 0, now)}.`;
    return `${who} Zuletzt wurde ${last.name} benutzt, ${relative(last.lastUsedAt ?? 0, now)}.`;
  },
  consequence: {
    pause: (amount) =>
      amount === 1
        ? "Aufrufe damit werden abgewiesen, bis Sie ihn fortsetzen."
        : "Aufrufe mit ihnen werden abgewiesen, bis Sie sie fortsetzen.",
    resume: (amount) => `Aufrufe ${amount === 1 ? "damit" : "mit ihnen"} werden wieder angenommen.`,
    rotate: (amount) =>
      `${amount === 1 ? "Er" : "Jeder"} macht einem neuen mit gleichem Namen, gleichen Grenzen und gleicher Laufzeit Platz. Kein Aufruf scheitert: Offene Clients gehen mit ihrem nächsten Aufruf über.`,
    revoke: (amount) =>
      `Der nächste Aufruf ${amount === 1 ? "damit" : "mit einem von ihnen"} wird abgewiesen, sofort und überall. Das lässt sich nicht rückgängig machen.`,
    forget: (amount) =>
      amount === 1
        ? "Er wird nur hier vergessen: Er gilt, bis Sie ihn im Dashboard des Produkts widerrufen."
        : "Sie werden nur hier vergessen: Sie gelten, bis Sie sie im Dashboard des Produkts widerrufen.",
  },
  byHand: "Nur das Dashboard legt Schlüssel an: Jeder neue entsteht dort und wird auf der Seite „Wechsel“ eingefügt.",
  noneToRotate: "Kein Schlüssel kann gewechselt werden.",
  elsewhere: (amount) =>
    amount === 1
      ? `${few(amount)} mehr in diesem Arbeitsbereich bleibt, wie er ist: Dieser Computer hat nichts von ihm.`
      : `${few(amount)} mehr in diesem Arbeitsbereich bleiben, wie sie sind: Dieser Computer hat nichts von ihnen.`,
  grace: (amount) => (amount === 1 ? "Der alte Schlüssel wird widerrufen" : "Alte Schlüssel werden widerrufen"),
  graces: {
    now: "wenn alle Clients den neuen benutzen",
    hour: "nach 1 Stunde",
    day: "nach 24 Stunden",
    week: "nach 7 Tagen",
  },
  sure: {
    revoke: (amount) => `Ja, ${few(amount)} endgültig widerrufen`,
    forget: (amount) => `Ja, ${few(amount)} von diesem Computer entfernen`,
  },
  act: {
    pause: (amount) => `${few(amount)} pausieren`,
    resume: (amount) => `${few(amount)} fortsetzen`,
    rotate: (amount) => `${few(amount)} wechseln`,
    revoke: (amount) => `${few(amount)} widerrufen`,
    forget: (amount) => `${few(amount)} entfernen`,
  },
  keys: "Schlüssel",
  more: (amount) => `und ${few(amount)} mehr`,
  moreStay: (amount) => `und ${few(amount)} mehr, ${amount === 1 ? "der bleibt" : "die bleiben"}`,
  stays: "Bleibt:",
  reasons: {
    paused: "Er ist pausiert",
    enabled: "Er ist nicht pausiert",
    expired: "Er ist abgelaufen",
    not_here: "Sein Geheimnis ist nicht auf diesem Computer",
    under_way: "Er wird schon gewechselt",
  },
  neverUsed: "nie benutzt",
  progress: (over, all) => `${number(over)} von ${few(all)}`,
  stop: "Anhalten",
  stopping: "Hält nach diesem an",
  states: { waiting: "wartet", doing: "im Gang", stopped: "nicht begonnen" },
  done: {
    pause: "pausiert",
    resume: "fortgesetzt",
    rotate: "Wechsel begonnen",
    revoke: "widerrufen",
    forget: "entfernt",
  },
  result: {
    pause: (done, all) => `${ofAll(done, all)} pausiert.`,
    resume: (done, all) => `${ofAll(done, all)} fortgesetzt.`,
    rotate: (done, all) => `Wechsel von ${ofAll(done, all)} begonnen.`,
    revoke: (done, all) => `${ofAll(done, all)} widerrufen.`,
    forget: (done, all) => `${ofAll(done, all)} von diesem Computer entfernt.`,
  },
  rest: {
    pause: (amount) => `${few(amount)} ${amount === 1 ? "wurde" : "wurden"} nicht pausiert.`,
    resume: (amount) => `${few(amount)} ${amount === 1 ? "wurde" : "wurden"} nicht fortgesetzt.`,
    rotate: (amount) => `${few(amount)} ${amount === 1 ? "wurde" : "wurden"} nicht gewechselt.`,
    revoke: (amount) => `${few(amount)} ${amount === 1 ? "wurde" : "wurden"} nicht widerrufen.`,
    forget: (amount) => `${few(amount)} ${amount === 1 ? "wurde" : "wurden"} nicht entfernt.`,
  },
  again: (amount) => `${few(amount)} noch einmal versuchen`,
  showRotations: "Wechsel zeigen",
};

export const limitWords: typeof english.limitWords = {
  scopes: "Rechte",
  scopesDefault: "Keine gewählt: die Vorgabe des Produkts.",
  scopesChosen: (amount) => `${amount} gewählt.`,
  searchScopes: "Rechte suchen",
  noScope: (search) => `Kein Recht hat „${search}“ im Namen.`,
  otherScope: "Ein anderes Recht",
  otherScopeNote: "Das Produkt hat mehr, als hier stehen; so, wie es sie schreibt.",
  otherScopeWrong: "Ein Recht hat keine Leerzeichen und höchstens 100 Zeichen.",
  addScope: "Hinzufügen",
  presetNamed: "Vorlage",
  presetNamedNote: "Wie das Produkt sie nennt; leer: keine.",
  preset: "Rechte",
  noPreset: "Keine Vorlage",
  noPresetNote: "Was die Rechte erlauben.",
  readOnly: "Nur lesen",
  readOnlyNote: "Werkzeuge, die etwas ändern, werden abgewiesen.",
  more: "Weitere Grenzen über MCP",
  lists: {
    tools: { title: "Werkzeuge", text: "Namen, mit Kommas getrennt; leer: alle." },
    mcpPermissions: {
      title: "Rechte über MCP",
      text: "Namen, mit Kommas getrennt; leer: alle, die der Schlüssel hat.",
    },
    projects: { title: "Projekte", text: "Ids, mit Kommas getrennt; leer: kein bestimmtes." },
    instances: { title: "Instanzen", text: "Ids, mit Kommas getrennt; leer: keine bestimmte." },
  },
};

const EXPIRIES: Partial<Record<string, string>> = { "365": "1 Jahr", never: "Nie", date: "Datum" };

export const createWords: typeof english.createWords = {
  title: "Neuer Schlüssel",
  name: "Name",
  namePlaceholder: "Berichte auf mira",
  nameHint: "Woran er in dieser Liste zu erkennen ist.",
  nameMissing: "Dem Schlüssel einen Namen geben.",
  nameLong: (most) => `Ein Name hat höchstens ${most} Zeichen.`,
  expires: "Läuft ab",
  expiry: (choice) => EXPIRIES[choice] ?? `${choice} Tage`,
  date: "Letzter Tag",
  until: (day) => `Gilt bis ${day}.`,
  forEver: "Gilt, bis er widerrufen wird.",
  templates: "Ausgehen von",
  template: { readOnly: "Nur lesen", reporting: "Berichte", full: "Voller Zugriff" },
  dateMost: (days) => `Höchstens ${days} Tage von heute an.`,
  dateWrong: "Einen kommenden Tag wählen, den das Produkt erlaubt.",
  note: "Sein Geheimnis kommt sofort in den Schlüsselbund. In diesem Fenster ist es nie zu sehen.",
  create: "Schlüssel anlegen",
  created: (name) => `${name} angelegt. Sein Geheimnis ist verwahrt.`,
  stowedTitle: "Schlüssel angelegt",
  stowedNote: "Es liegt im Schlüsselbund dieses Computers. Nichts zeigt es; was es braucht, bekommt es von dort.",
  copy: "Schlüssel kopieren",
  connect: "Client verbinden",
};

export const pasteWords: typeof english.pasteWords = {
  title: (product) => `Schlüssel von ${product} einfügen`,
  titleOf: (name) => `Geheimnis von ${name} einfügen`,
  copyIt: "Den Schlüssel dort kopieren, wo er ist, dann hier einfügen.",
  copyItOf: (masked) => `Den Schlüssel kopieren, der wie ${masked} aussieht, dann hier einfügen.`,
  open: "Dashboard öffnen",
  once: "Ein Produkt zeigt einen Schlüssel nur einmal. Keystow liest ihn selbst aus der Zwischenablage, prüft ihn und verwahrt ihn; er geht nie durch dieses Fenster.",
  name: "Name (optional)",
  nameHint: "Leer: wie das Produkt ihn nennt.",
  paste: "Schlüssel einfügen",
  stowed: (name) => `${name} ist verwahrt.`,
  nothing: "Nichts wurde verwahrt.",
};

export const replaceWords: typeof english.replaceWords = {
  title: (name) => `${name} ersetzen?`,
  text: "Ein gleicher Schlüssel wird angelegt und auf diesem Computer verwahrt, und die Clients hier bekommen den neuen.",
  consequence: "Der alte Schlüssel wird widerrufen: Wer ihn anderswo hat, wird von da an abgewiesen.",
  keep: "Schlüssel behalten",
  replace: "Schlüssel ersetzen",
  replaced: (name) => `${name} ersetzt. Sein Geheimnis ist verwahrt.`,
};

export const usageWords: typeof english.usageWords = {
  never: "Nie benutzt.",
  last: "Zuletzt benutzt",
  requests: (amount) => `${count(amount, "Anfrage", "Anfragen")} in diesem Zeitraum.`,
  days: "Anfragen je Tag",
  chart: (from, to, amount) => `Anfragen von ${from} bis ${to}: ${number(amount)} insgesamt`,
  onDay: (day, amount) => `${day}: ${count(amount, "Anfrage", "Anfragen")}`,
  quiet: (days) => `Keine Anfrage in den letzten ${days} Tagen.`,
  asTable: "Als Tabelle",
  day: "Tag",
  all: "Alle",
  others: "Andere",
  endpoints: "Meistbenutzte Endpunkte",
  clients: "Je Client",
  lastBy: "zuletzt",
};

const CAPABILITIES: Partial<Record<string, string>> = {
  rename: "Einen Schlüssel umbenennen",
  pause: "Einen Schlüssel pausieren",
  expire: "Einen Schlüssel ablaufen lassen",
  update_scopes: "Ändern, was ein Schlüssel darf",
  usage: "Sehen, wofür ein Schlüssel benutzt wurde",
};

export const detailWords: typeof english.detailWords = {
  key: "Schlüssel",
  state: "Zustand",
  created: "Angelegt",
  rotation: "Wechsel ansehen",
  owner: "Besitzer",
  budget: "Budget",
  may: "Darf",
  change: "Ändern",
  save: "Speichern",
  changed: (name) => `Geändert, was ${name} darf.`,
  usage: "Nutzung",
  lastUsed: "Zuletzt benutzt",
  notMore: "Mehr sagt das Produkt nicht.",
  notTold: "Das Produkt sagt nicht, wie seine Schlüssel benutzt werden, oder dieser wurde es nie.",
  scopes: "Rechte",
  preset: "Vorlage",
  writing: "Schreiben",
  refused: "abgewiesen",
  elsewhere: (product) => `Was nur das Dashboard von ${product} kann`,
  capability: (what) => CAPABILITIES[what] ?? what,
  back: "Alle Schlüssel",
  gone: "Dieser Schlüssel kann nicht gezeigt werden",
  manage: "Verwalten",
  manageNamed: (client) => `${client} verwalten`,
  connect: "Client verbinden",
  trail: "Verlauf",
  noTrail: "Auf diesem Computer ist noch nichts mit ihm geschehen.",
  actions: "Aktionen",
  tools: "Werkzeuge",
  mcpPermissions: "Über MCP",
  projects: "Projekte",
  instances: "Instanzen",
};

export const revokeWords: typeof english.revokeWords = {
  title: (name) => `${name} widerrufen?`,
  forgetTitle: (name) => `${name} von diesem Computer entfernen?`,
  uses: (key, now) => {
    const used = key.lastUsedAt === null ? "Er wurde nie benutzt" : `Zuletzt benutzt ${relative(key.lastUsedAt, now)}`;
    if (key.usedBy.length === 0) return `Kein Client auf diesem Computer benutzt ihn. ${used}.`;
    return `${clientsOf(key)} ${key.usedBy.length === 1 ? "benutzt" : "benutzen"} diesen Schlüssel. ${used}.`;
  },
  usesOther: (key, now) => {
    const whose = key.owner === null ? "Wem er gehört, ist nicht bekannt" : `Er gehört ${key.owner}`;
    const used = key.lastUsedAt === null ? "Er wurde nie benutzt" : `Zuletzt benutzt ${relative(key.lastUsedAt, now)}`;
    return `${whose}. ${used}.`;
  },
  recent: "In den letzten 24 Stunden benutzt: Etwas hängt noch an ihm.",
  consequence: "Der nächste Aufruf damit wird abgewiesen, sofort und überall. Das lässt sich nicht rückgängig machen.",
  forgetConsequence: "Er wird nur hier vergessen: Er gilt, bis er im Dashboard des Produkts widerrufen wird.",
  steps: "So wird er widerrufen",
  open: "Dashboard öffnen",
  keep: "Schlüssel behalten",
  revoke: "Schlüssel widerrufen",
  forget: "Schlüssel entfernen",
  revoked: (name) => `${name} widerrufen.`,
  forgot: (name) => `${name} von diesem Computer entfernt. Er gilt, bis er widerrufen wird.`,
};

/** `24 h`, `15 min`. */
function spanOf(seconds: number): string {
  if (seconds % 3600 === 0) return `${seconds / 3600} h`;
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`;
}

function clientsOf(key: KeyView): string {
  return listed([...new Set(key.usedBy.map(({ name }) => name))]);
}

export const rotateWords: typeof english.rotateWords = {
  title: (name) => `${name} wechseln?`,
  text: "Ein neuer Schlüssel mit gleichem Namen, gleichen Grenzen und gleicher Laufzeit tritt an seine Stelle. Kein Aufruf scheitert: Offene Clients gehen mit ihrem nächsten Aufruf über.",
  uses: (clients) =>
    clients === 0
      ? "Kein Client auf diesem Computer benutzt ihn."
      : `${count(clients, "Client", "Clients")} wechseln auf den neuen Schlüssel.`,
  grace: "Der alte Schlüssel wird widerrufen",
  graces: {
    now: "sobald alle Clients den neuen benutzen",
    hour: "nach 1 Stunde",
    day: "nach 24 Stunden",
    week: "nach 7 Tagen",
  },
  byHand: "Schlüssel macht nur das Dashboard: Sie erfahren, wie, und der Rest geschieht hier.",
  rotate: "Schlüssel wechseln",
  keep: "Schlüssel behalten",
  started: (name) => `${name} wird gewechselt.`,
  done: (name) => `${name} ist gewechselt. Der alte Schlüssel ist widerrufen.`,
  show: "Zeigen",
  menu: "Wechseln …",
  leakedMenu: "Bekannt geworden: jetzt widerrufen …",
  leakedTitle: (name) => `${name} jetzt widerrufen?`,
  leaked:
    "Für einen Schlüssel, der bekannt wurde: Erst wird er widerrufen, dann ersetzt. Aufrufe dazwischen scheitern, und ebenso alles andere, was ihn benutzt.",
  revokeNow: "Widerrufen und ersetzen",
  revoked: (name) => `${name} ist widerrufen. Seine Clients benutzen einen neuen Schlüssel.`,
};
