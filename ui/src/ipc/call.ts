import { invoke } from "@tauri-apps/api/core";
import type { Commands } from "./generated";
import { Problem } from "./problem";

export type Command = keyof Commands;
export type RequestOf<K extends Command> = Commands[K]["request"];
export type ViewOf<K extends Command> = Commands[K]["view"];

/** Runs a command of the table. Rejects with a `Problem`, and with nothing else. */
export async function call<K extends Command>(name: K, request: RequestOf<K>): Promise<ViewOf<K>> {
  try {
    return await invoke<ViewOf<K>>(name, { request });
  } catch (thrown) {
    throw Problem.from(thrown);
  }
}

/** Puts text that is no secret on the clipboard. Keys are copied natively, by `keys_copy`. */
export async function copyText(text: string): Promise<void> {
  try {
    await invoke("plugin:clipboard-manager|write_text", { text });
  } catch (thrown) {
    throw Problem.from(thrown);
  }
}
