import { firstPage } from "../features/keys/firstPage";
import { type Command, fetchView, type RequestOf, type ViewOf, viewKey } from "../ipc";
import { newQueryClient } from "./client";
import { currentRoute } from "./router";
import { languageOf, turnTo } from "./useStoredLanguage";

/** How long the first picture waits for what is nice to have on it, in milliseconds. */
const PATIENCE_MS = 150;

/** The cache of the window. What the first page shows is asked for before anything else of the window's script runs. */
export const client = newQueryClient();

const settings = ask("settings_get", {});
const needed = [settings.then(speakStored), ask("app_status", {})];
const wanted = [
  ask("providers_list", {}),
  ask("workspaces_list", {}),
  ...(currentRoute() === "keys" ? [ask("keys_hygiene", {}), ask("keys_list", firstPage())] : []),
];

/**
 * Laid out before they are here, every text would be laid out twice, and the first time with fonts that the system has to look for,
 * which takes longer than all the rest.
 */
const fonts = ['13px "Inter Variable"', '12px "JetBrains Mono Variable"'].map((font) => document.fonts.load(font));

/** The first page can be shown at once, and as a whole where the answers did not take long. */
export const answered = Promise.all([
  ...needed,
  Promise.race([Promise.all([...wanted, ...fonts]), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]),
]);

function ask<K extends Command>(name: K, request: RequestOf<K>): Promise<void> {
  return fetchView(client, name, request);
}

async function speakStored(): Promise<void> {
  const stored = client.getQueryData<ViewOf<"settings_get">>(viewKey("settings_get", {}));
  await turnTo(languageOf(stored?.language));
}
