import { count } from "../../shared/words";
import type * as english from "./words";

export const firstRunWords: typeof english.firstRunWords = {
  title: "Schlüssel verwahren. Clients verbinden.",
  back: "Anmelden, um weiterzumachen",
  promise:
    "Schlüssel liegen im Schlüsselbund dieses Computers. Einstellungsdateien nennen nur eine Verbindung, nie einen Schlüssel.",
  skip: "Überspringen",
  steps: { signIn: "Anmelden", key: "Ein Schlüssel", connect: "Verbinden" },
  did: "Bisher erledigt",
  signIn: {
    heading: "Wo sind die Schlüssel zu Hause?",
    local: "Mit einem lokalen Arbeitsbereich ausprobieren",
    localNote: "Ein kleiner Server auf diesem Computer. Kein Konto, keine Frage.",
    product: "Arbeitsbereich eines Produkts hinzufügen",
    productNote: "oCore, Atlas, Adlyse, CreatorAudit, Aidelly, jede App mit better-auth oder ein eigener Server.",
    again: (name) => `Bei ${name} anmelden`,
    againNote: "Die Sitzung ist weg. Verbundene Clients arbeiten weiter.",
    browser: "Mit dem Browser beim lokalen Arbeitsbereich anmelden",
    done: ({ name, login }) => (login === "" ? `${name} ist hinzugefügt.` : `Bei ${name} angemeldet als ${login}.`),
  },
  key: {
    heading: "Jeder Client bekommt einen eigenen Schlüssel",
    text: "Er entsteht beim Verbinden und kommt sofort in den Schlüsselbund. Macht ein Client Ärger, wird sein Schlüssel widerrufen und kein anderer.",
    next: "Weiter",
    ownName: "Name des Schlüssels",
    ownOpen: "Auch einen von Hand anlegen",
    ownMake: "Schlüssel anlegen",
    placeholder: "Skripte auf mira",
    done: "Jeder Client bekommt einen Schlüssel; er entsteht beim Verbinden und liegt im Schlüsselbund.",
    pasteHeading: "Einen Schlüssel dieses Produkts einfügen",
    pasteText:
      "Seine Schlüssel entstehen im Dashboard, das jeden nur einmal zeigt. Dort kopieren, hier einfügen: Keystow liest die Zwischenablage selbst und verwahrt ihn im Schlüsselbund.",
    openDashboard: "Dashboard öffnen",
    paste: "Schlüssel einfügen",
    pasteLater: "Später",
    pasted: (name) => `${name} ist verwahrt.`,
    later: "Noch kein Schlüssel; er lässt sich auf der Seite „Schlüssel“ einfügen.",
    made: (name) => `${name} ist angelegt und verwahrt. Jeder Client bekommt einen eigenen Schlüssel.`,
  },
  connect: {
    heading: "Verbinden, was auf diesem Computer ist",
    text: "Jede Datei ist zu sehen, bevor sie geschrieben wird.",
    preview: (amount) => (amount === 0 ? "Vorschau" : `Vorschau für ${count(amount, "Client", "Clients")}`),
    connected: "verbunden",
    absent: (names) => `Hier nicht gefunden: ${names.join(", ")}.`,
    none: {
      title: "Noch kein KI-Client gefunden",
      text: "Einen installieren, einmal starten, dann wieder nachsehen. Verbinden geht auch später.",
      action: "Wieder nachsehen",
    },
    previewHeading: "Ansehen, bevor es geschrieben wird",
    backToList: "Zurück",
    proof: "Jeder startet so, wie sein Client ihn startet",
    end: "Der Schlüssel liegt im Schlüsselbund. Keine Datei auf diesem Computer enthält ihn.",
    open: "Keystow öffnen",
  },
};
