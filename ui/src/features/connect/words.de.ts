import { count, listed } from "../../shared/words";
import type * as english from "./words";

const TARGETS: Partial<Record<string, string>> = {
  user: "Überall",
  project: "Ein Projekt",
  local: "Ein Projekt, nur hier",
  workspace: "Ein Arbeitsbereich",
};

export const connectWords: typeof english.connectWords = {
  title: "Verbinden",
  about: "Ein Eintrag in der Einstellungsdatei des Clients, ohne einen Schlüssel darin.",
  found: "Auf diesem Computer",
  absent: "Hier nicht gefunden",
  absentNote: "Keystow sieht jedes Mal wieder nach, wenn diese Seite aufgeht.",
  connect: "Verbinden",
  connectNamed: (client) => `${client} verbinden`,
  anyway: (client) => `${client} trotzdem verbinden`,
  manage: "Verwalten",
  manageNamed: (client) => `${client} verwalten`,
  review: "Ansehen",
  reviewNamed: (client) => `${client} ansehen`,
  select: (client) => `${client} auswählen`,
  connectSelected: (amount) => (amount === 0 ? "Auswahl verbinden" : `${amount} ausgewählte verbinden`),
  none: {
    title: "Kein KI-Client gefunden",
    text: "Einen der Clients unten installieren, einmal starten, dann wieder nachsehen.",
    action: "Wieder nachsehen",
  },
  signedOut: {
    title: "Anmelden, um Clients zu verbinden",
    text: "Ein Client wird mit einem Arbeitsbereich verbunden. Bei einem anmelden oder den lokalen ausprobieren.",
    action: "Anmelden",
  },
  state: {
    none: "nicht verbunden",
    fine: "verbunden",
    changed: "von Hand geändert",
    gone: "Eintrag ist weg",
    wiped: "vom Client verworfen",
    stale: "veraltet",
    unreadable: "Datei unlesbar",
  },
  explain: {
    fine: null,
    changed:
      "Der Eintrag ist anders, als Keystow ihn schrieb. Behalten, wie er jetzt ist, oder unseren wiederherstellen.",
    gone: "Der Eintrag steht nicht mehr in der Datei; die anderen Server schon. Wiederherstellen oder die Verbindung vergessen.",
    wiped:
      "In der Datei steht gar kein Server mehr. Vielleicht hat der Client sie verworfen. Unseren wiederherstellen.",
    stale: "Der Eintrag nennt einen Ort, an dem Keystow nicht mehr ist. Wiederherstellen.",
    unreadable: null,
  },
  checked: { run: null, source: null, documentation: null, unverified: "ungeprüft" },
  unverifiedNote: (on) =>
    `Wo dieser Client seine Einstellungen hat, ist aus zweiter Hand, Stand ${on}. Die Vorschau ansehen.`,
  fileMissing: "noch nicht da; wird angelegt",
  files: (amount) => count(amount, "Einstellungsdatei", "Einstellungsdateien"),
  version: (version) => `geprüft mit ${version}`,
  preview: {
    connect: (clients) => `${listed(clients)} verbinden`,
    disconnect: (client) => `${client} trennen`,
    repair: {
      restore: (client) => `Eintrag von ${client} wiederherstellen`,
      adopt: (client) => `Eintrag von ${client} behalten, wie er ist`,
      forget: (client) => `Verbindung von ${client} vergessen`,
    },
  },
  servers: {
    title: "Server dieses Arbeitsbereichs",
    auth: (auth) => listed(auth.map((each) => (each === "oauth" ? "Anmeldung" : each === "key" ? "Schlüssel" : each))),
    address: (name) => `Adresse von ${name}`,
    noUrl: "Seine Adresse ist erst bekannt, wenn eine Organisation gewählt ist.",
    isSignedIn: "angemeldet",
    signIn: "Anmelden",
    signInTo: (name) => `Bei ${name} anmelden`,
    signOut: "Abmelden",
    signOutOf: (name) => `Von ${name} abmelden`,
    signedIn: (name) => `Bei ${name} angemeldet.`,
    signedOutToast: (name) => `Von ${name} abgemeldet. Seine Tokens sind aus dem Schlüsselbund gelöscht.`,
    choose: "Welche Server?",
    chooseOne: "Mindestens einen ankreuzen.",
    signInFirst: "Nimmt keinen Schlüssel: zuerst bei ihm anmelden, unter den Clients.",
    step: (number, of, name) => `${number} von ${of}: ${name}`,
    skip: "Überspringen",
  },
  links: {
    section: "Über einen Link",
    button: "Links zeigen",
    buttonLabel: (client) => `Links zeigen für ${client}`,
    title: (client) => `${client} über einen Link verbinden`,
    about: (starts) =>
      starts
        ? "Jeder davon legt den Eintrag im Client selbst an. Keiner enthält einen Schlüssel: Der Eintrag startet Keystow, das den Schlüsselbund fragt."
        : "Jeder davon legt den Server im Client selbst an. Keiner enthält einen Schlüssel.",
    open: "Öffnen",
    openLabel: (title) => `Öffnen: ${title}`,
    copy: "Kopieren",
    copyLabel: (title) => `Kopieren: ${title}`,
    ofFile: "Er hat eine Einstellungsdatei; er kann den Eintrag auch selbst anlegen.",
    server: "Server",
    expose: "Auch die mit dem Schlüssel darin",
    exposeNote:
      "Riskanter: Wer so einen Link sieht, hat den Schlüssel. Er wird hier nie gezeigt, nur kopiert, und verlässt die Zwischenablage von selbst.",
    hidden: "Wird nicht gezeigt: Der Schlüssel steht darin.",
    copied: (name, seconds) => `Link mit ${name} darin kopiert. Wird in ${seconds} s gelöscht.`,
  },
  options: {
    target: "Einstellungsdatei",
    targetName: ({ id, title, path }) => `${title ?? TARGETS[id] ?? id} (${path})`,
    project: "Projekt",
    projectPlaceholder: "/home/name/projekt",
    mode: "Wie er den Server erreicht",
    modes: {
      bridge: "Keystow vermittelt (geht überall)",
      helper: "Selbst; Keystow reicht ihm den Schlüssel",
      exec: "Keystow startet ein Programm mit dem Schlüssel",
      link: "Über einen Link",
    },
  },
  unwritten: (wish) =>
    wish.does === "connect"
      ? null
      : wish.does === "disconnect" || wish.action !== "adopt"
        ? "Verbindung vergessen"
        : "So lassen",
  proof: (clients) => `${listed(clients)} ${clients.length === 1 ? "ist" : "sind"} verbunden`,
  proofNote: "Jeder Eintrag wird hier so gestartet, wie sein Client ihn startet.",
  connected: (clients) => `${listed(clients)} verbunden.`,
  repaired: {
    restore: (client) => `Eintrag von ${client} wiederhergestellt.`,
    adopt: (client) => `Der Eintrag von ${client} bleibt, wie er ist.`,
    forget: (client) => `Verbindung von ${client} vergessen. Ihr Schlüssel liegt weiter im Schlüsselbund.`,
  },
  disconnected: (client) => `${client} getrennt. Sein Schlüssel liegt weiter im Schlüsselbund.`,
  undone: "Rückgängig gemacht. Die Dateien sind wie zuvor.",
  drawer: {
    file: "Einstellungsdatei",
    mode: "Weg",
    entry: "Eintrag",
    key: "Schlüssel",
    since: "Verbunden",
    known: "Bekannt",
    knownFrom: {
      run: "mit dem Client selbst ausprobiert",
      source: "aus seinem Quelltext",
      documentation: "aus seiner Dokumentation",
      unverified: "aus zweiter Hand",
    },
    knownBy: (how, version, on) =>
      [how, version === null ? null : `Version ${version}`, on === "" ? null : on].filter(Boolean).join(", "),
    tools: "Werkzeuge",
    probe: "Starten und fragen",
    probeAgain: "Noch einmal fragen",
    asking: "Startet …",
    never: "Nicht gefragt, seit Keystow offen ist.",
    none: "Er antwortete und hat keine Werkzeuge.",
    repair: { restore: "Wiederherstellen", adopt: "So lassen", forget: "Vergessen" },
    compare: "Vergleichen",
    cannotKeep: (why) => `So kann er nicht bleiben. ${why}.`,
    compareTitle: (name) => `${name}, dreifach`,
    sides: {
      base: "Wie Keystow ihn schrieb",
      theirs: "Wie er in der Datei steht",
      ours: "Wie er heute geschrieben würde",
    },
    nothing: "nichts",
    differences: { byHand: "Von Hand geändert", outOfDate: "Veraltet" },
    disconnect: "Trennen",
    reload: {
      live: "Übernimmt Änderungen von selbst.",
      window: "Übernimmt Änderungen, wenn sein Fenster neu geladen wird.",
      restart: "Übernimmt Änderungen beim nächsten Start.",
    },
  },
  tools: (amount) => count(amount, "Werkzeug", "Werkzeuge"),
};
