import { span } from "../time";
import { count } from "../words";
import type * as english from "./words";

export const planWords: typeof english.planWords = {
  files: "Dateien",
  change: { create: "neue Datei", change: "ändert sich", delete: "fällt weg", keep: "bleibt, wie sie ist" },
  keys: (names) => `${count(names, "neuer Schlüssel", "neue Schlüssel")}, im Schlüsselbund verwahrt`,
  stays: "Andere Server und Kommentare in dieser Datei bleiben, wie sie sind.",
  made: "Diese Datei ist neu; sonst steht nichts darin.",
  deleted: "Keystow hat diese Datei angelegt, und sonst steht nichts darin. Sie fällt weg.",
  same: "In dieser Datei ändert sich nichts.",
  unwritable: "nicht schreibbar",
  cannot: "Nichts wird geschrieben, solange eine Datei nicht schreibbar ist.",
  nothing: "Alles ist schon an seinem Platz. Es gibt nichts zu schreiben.",
  diff: (path) => `Änderungen an ${path}`,
  added: "hinzugefügt",
  removed: "entfernt",
  newPreview: "Neue Vorschau",
  rollBack: "Geschriebenes zurücknehmen",
  wait: "Warten, bis er beendet ist",
  stopWaiting: (client) => `Wartet, bis ${client} beendet ist … Anhalten`,
  replace: "Eintrag ersetzen",
  write: (files) => (files === undefined ? "Schreiben" : `${count(files, "Datei", "Dateien")} schreiben`),
  planning: "Einstellungsdateien werden gelesen",
};

export const proofWords: typeof english.proofWords = {
  label: "Nachweis",
  starting: "startet …",
  tools: (amount) => count(amount, "Werkzeug", "Werkzeuge"),
  took: (ms) => `antwortete in ${span(ms)}`,
  reload: {
    live: () => null,
    window: (client) => `Das Fenster von ${client} neu laden, damit er es übernimmt.`,
    restart: (client) => `${client} neu starten, damit er es übernimmt.`,
  },
};
