import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../test/axe";
import { show } from "../../test/render";
import { App } from "./App";
import { SHORTCUTS, type ShortcutName, written } from "./shortcuts";

async function showKeys() {
  const shown = show(<App />, {}, { whole: true });
  await screen.findByRole("grid", { name: "Keys" });
  return shown;
}

const heading = (name: string) => screen.findByRole("heading", { name, level: 1 });
const dialog = (name: string) => screen.findByRole("dialog", { name });

/** What stands on the screen after each. */
const LEADS_TO: Record<ShortcutName, () => Promise<unknown>> = {
  keys: () => heading("Keys"),
  connect: () => heading("Connect"),
  rotations: () => heading("Rotations"),
  activity: () => heading("Activity"),
  settings: () => heading("Settings"),
  palette: () => dialog("Search or do"),
  newKey: () => dialog("New key"),
  pasteKey: () => dialog("Paste a key of Local workspace"),
  search: () => waitFor(() => expect(screen.getByRole("searchbox")).toHaveFocus()),
  shortcuts: () => dialog("Keyboard shortcuts"),
};

const pressed = (keys: string) => keys.replace(/^mod\+(.)$/, "{Control>}$1{/Control}").replace(" ", "");

describe("a shortcut", () => {
  test.each(Object.entries(LEADS_TO))("does what it says: %s", async (name, arrives) => {
    const { user } = await showKeys();
    await user.keyboard("gs");
    await heading("Settings");
    const keys = Object.entries(SHORTCUTS).find(([each]) => each === name)?.[1] ?? "";
    await user.keyboard(pressed(keys));
    await arrives();
  });

  test("does nothing while something is typed, but for the palette", async () => {
    const { user } = await showKeys();
    await user.click(screen.getByRole("searchbox"));
    await user.keyboard("n?gs");
    expect(screen.getByRole("searchbox")).toHaveValue("n?gs");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    await user.keyboard("{Control>}k{/Control}");
    await dialog("Search or do");
  });

  test("does nothing while a dialog is open", async () => {
    const { user } = await showKeys();
    await user.keyboard("?");
    await dialog("Keyboard shortcuts");
    await user.keyboard("gsn");
    expect(screen.getByRole("heading", { name: "Keys", level: 1 })).toBeInTheDocument();
    expect(screen.queryByRole("dialog", { name: "New key" })).not.toBeInTheDocument();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  test("is in the list of all", async () => {
    const { user } = await showKeys();
    await user.keyboard("?");
    const list = await dialog("Keyboard shortcuts");
    for (const keys of Object.values(SHORTCUTS)) expect(list).toHaveTextContent(written(keys).join(""));
    await expectAccessible();
  });

  test("belongs to nothing else", () => {
    const all = Object.values(SHORTCUTS);
    expect(new Set(all).size).toBe(all.length);
    const prefixes = all.filter((keys) => all.some((other) => other !== keys && other.startsWith(`${keys} `)));
    expect(prefixes).toEqual([]);
  });
});
