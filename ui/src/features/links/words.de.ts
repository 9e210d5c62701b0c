import type * as english from "./words";

export const linkWords: typeof english.linkWords = {
  refused: "Ein Link wurde abgelehnt",
  outside:
    "Eine Seite oder ein Programm hat diesen Link geöffnet. Nichts davon geschieht, wenn es hier nicht bestätigt wird.",
  nothingDone: "Nichts ist geschehen.",
  host: "Führt zu",
  local: "dieser Computer",
  unknown: "hier nicht bekannt",
  connect: {
    title: "Ein Link möchte Clients verbinden",
    workspace: "Arbeitsbereich",
    otherWorkspace: "nicht der benutzte",
    server: "Server",
    entry: "Eintrag",
    clients: "In diese Clients",
    choose: "In welche Clients? Der Link nennt keine.",
  },
  provider: {
    title: "Ein Link möchte einen Anbieter hinzufügen",
    name: "Name",
    address: "Adresse",
    header: "Sein Schlüssel wird gesendet als",
    follows:
      "Diese Datei wird geschrieben, und der Anbieter wird zum benutzten Arbeitsbereich. Kein Schlüssel wird irgendwohin gesendet, bevor einer für ihn eingefügt wurde.",
    write: "Datei schreiben und hinzufügen",
    added: (name) => `${name} hinzugefügt. Sein Schlüssel wird auf der Seite Schlüssel eingefügt.`,
  },
};
