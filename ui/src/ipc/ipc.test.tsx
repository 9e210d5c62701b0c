import { mockIPC } from "@tauri-apps/api/mocks";
import { describe, expect, test } from "vitest";
import { locked } from "../../test/fixtures";
import { newQueryClient } from "../app/client";
import { call, copyText, invalidateAfter, Problem, viewKey } from ".";
import { invalidates } from "./generated";

describe("a call", () => {
  test("sends its request under that name and gives back the view", async () => {
    mockIPC((name, payload) => ({ name, payload }));
    expect(await call("keys_copy", { key: "k_1" })).toEqual({
      name: "keys_copy",
      payload: { request: { key: "k_1" } },
    });
  });

  test("rejects with the problem that the native side names", async () => {
    mockIPC(() => Promise.reject(locked));
    const problem = await call("keys_copy", { key: "k_1" }).catch((thrown: unknown) => thrown);
    expect(problem).toBeInstanceOf(Problem);
    expect(problem).toMatchObject({ code: "keychain.locked", hint: locked.hint, retry: true });
  });

  test("makes a problem of whatever else is thrown", async () => {
    mockIPC(() => Promise.reject("command keys_copy not allowed"));
    const problem = await call("keys_copy", { key: "k_1" }).catch((thrown: unknown) => thrown);
    expect(problem).toMatchObject({ code: "window.unexpected", detail: "command keys_copy not allowed" });
  });

  test("copies text that is no secret through the clipboard of the system", async () => {
    const sent: unknown[] = [];
    mockIPC((name, payload) => void sent.push([name, payload]));
    await copyText("~/.cursor/mcp.json");
    expect(sent).toEqual([["plugin:clipboard-manager|write_text", { text: "~/.cursor/mcp.json" }]]);
  });
});

describe("a cache", () => {
  test("goes stale by the command table and not otherwise", () => {
    const client = newQueryClient();
    const keys = viewKey("keys_list", { search: null, page: 1, limit: 50, everybody: false, order: null });
    const settings = viewKey("settings_get", {});
    client.setQueryData(keys, {});
    client.setQueryData(settings, {});
    invalidateAfter(client, "keys_create");
    expect(client.getQueryState(keys)?.isInvalidated).toBe(true);
    expect(client.getQueryState(settings)?.isInvalidated).toBe(false);
  });

  test("is named in the table by the first word of a command that exists", () => {
    const words = new Set(Object.keys(invalidates).map((name) => name.split("_", 1)[0]));
    expect(
      Object.values(invalidates)
        .flat()
        .filter((cache) => !words.has(cache)),
    ).toEqual([]);
  });
});
