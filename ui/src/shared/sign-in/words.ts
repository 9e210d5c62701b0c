import { worded } from "../language";
export const signInWords = worded("signInWords", {
  browser: "Waiting for your browser…",
  browserNote: "Come back here when you have signed in. Did no page open? Copy its address:",
  device: "Type this code on the page",
  deviceNote:
    "Your browser was asked to open the page; another screen works as well. It goes on here by itself once you have typed it.",
  openAgain: "Open the page again",
  copyCode: "Copy code",
  qr: "QR code of the page with the code in it",
  expires: (left: string) => `The code is good for ${left}.`,
  expired: "The code is over. Start again to get another one.",
  code: "One-time code",
  codeHint: "Six digits of your authenticator, or a backup code.",
  codeMissing: "Type the code first.",
  send: "Sign in",
  cancelled: "Cancelled. Nothing was kept.",
});
