import type * as english from "./words";

export const signInWords: typeof english.signInWords = {
  browser: "Wartet auf den Browser …",
  browserNote: "Nach der Anmeldung hierher zurückkommen. Ging keine Seite auf? Ihre Adresse kopieren:",
  device: "Diesen Code auf der Seite eingeben",
  deviceNote:
    "Der Browser wurde gebeten, die Seite zu öffnen; ein anderer Bildschirm geht auch. Nach der Eingabe geht es hier von selbst weiter.",
  openAgain: "Seite noch einmal öffnen",
  copyCode: "Code kopieren",
  qr: "QR-Code der Seite mit dem Code darin",
  expires: (left) => `Der Code gilt noch ${left}.`,
  expired: "Der Code ist abgelaufen. Neu beginnen, um einen anderen zu bekommen.",
  code: "Einmalcode",
  codeHint: "Sechs Ziffern aus der Authenticator-App oder ein Ersatzcode.",
  codeMissing: "Zuerst den Code eingeben.",
  send: "Anmelden",
  cancelled: "Abgebrochen. Nichts wurde behalten.",
};
