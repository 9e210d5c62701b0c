import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import type { Answers } from "../../../test/backend";
import { locked, status, workspace } from "../../../test/fixtures";
import { show } from "../../../test/render";
import { App } from "../App";

async function openPalette(overrides: Partial<Answers> = {}, colours?: "light" | "dark") {
  const shown = show(<App />, overrides, { whole: true, ...(colours === undefined ? {} : { colours }) });
  await screen.findByRole("heading", { name: "Keys" });
  await shown.user.keyboard("{Control>}k{/Control}");
  const palette = await screen.findByRole("dialog", { name: "Search or do" });
  const field = within(palette).getByRole("combobox", { name: "Search or do" });
  await waitFor(() => expect(field).toHaveFocus());
  await within(palette).findByRole("option", { name: /Cursor on mira/ });
  return { ...shown, palette, field };
}

/** In the palette: the page below may offer options of its own. */
const chosen = () =>
  within(screen.getByRole("dialog", { name: "Search or do" })).getByRole("option", { selected: true });

describe("the palette", () => {
  test("opens from the rail, closes with Escape, and gives the focus back", async () => {
    const { user } = show(<App />, {}, { whole: true });
    await screen.findByRole("heading", { name: "Keys" });
    const button = screen.getByRole("button", { name: "Search or do…" });
    await user.click(button);
    await screen.findByRole("dialog", { name: "Search or do" });
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await waitFor(() => expect(button).toHaveFocus());
  });

  test("goes to a page by typing and Enter, and shows it first the next time", async () => {
    const { user, palette } = await openPalette();
    await user.keyboard("activ");
    await waitFor(() => expect(chosen()).toHaveTextContent("Go to Activity"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.getByRole("heading", { name: "Activity", level: 1 })).toHaveFocus());
    expect(palette).not.toBeInTheDocument();
    await user.keyboard("{Control>}k{/Control}");
    const recent = await screen.findByRole("group", { name: "Recent" });
    expect(
      within(recent)
        .getAllByRole("option")
        .map(({ textContent }) => textContent),
    ).toEqual(["Go to Activityga"]);
    expect(chosen()).toHaveTextContent("Go to Activity");
  });

  test("searches keys at the product as one types, and opens the one that is chosen", async () => {
    const { user, sent } = await openPalette();
    await user.keyboard("night");
    await waitFor(() =>
      expect(screen.getAllByRole("option").map(({ textContent }) => textContent)).toEqual([
        expect.stringContaining("Nightly report"),
      ]),
    );
    await waitFor(() =>
      expect(sent("keys_list")).toContainEqual({ search: "night", page: 1, limit: 8, everybody: false, order: null }),
    );
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: /Nightly report/ })).toBeVisible();
  });

  test("copies a key without opening it", async () => {
    const { user, sent } = await openPalette();
    await user.keyboard("night");
    await waitFor(() => expect(chosen()).toHaveTextContent("Nightly report"));
    await user.keyboard("{Control>}{Enter}{/Control}");
    expect(await screen.findByText("Copied Nightly report. Clears in 30 s.")).toBeVisible();
    expect(sent("keys_copy")).toEqual([{ key: "k_09e1" }]);
  });

  test("asks which key to copy, offers those that are here, and goes back", async () => {
    const { user, sent } = await openPalette();
    await user.keyboard("copy a{Enter}");
    const field = await screen.findByRole("combobox", { name: "Which key?" });
    await waitFor(() => expect(screen.queryByRole("option", { name: /Old laptop/ })).not.toBeInTheDocument());
    await user.keyboard("{Backspace}");
    expect(field).toHaveAccessibleName("Search or do");
    await user.keyboard("copy a{Enter}");
    await waitFor(() => expect(chosen()).toHaveTextContent("Cursor on mira"));
    await user.keyboard("{ArrowDown}{Enter}");
    await waitFor(() => expect(sent("keys_copy")).toEqual([{ key: "k_71aa" }]));
  });

  test("connects a client: its preview stands at once", async () => {
    const { user } = await openPalette();
    await user.keyboard("connect cl");
    await waitFor(() => expect(chosen()).toHaveTextContent("Connect Claude Desktop"));
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Connect Claude Desktop" })).toBeVisible();
  });

  test("rotates all keys: it is asked first", async () => {
    const { user, sent } = await openPalette();
    await user.keyboard("rotate all");
    await waitFor(() => expect(chosen()).toHaveTextContent("Rotate all keys"));
    await user.keyboard("{Enter}");
    expect(await screen.findByRole("dialog", { name: "Rotate all keys of this workspace?" })).toBeVisible();
    expect(sent("rotations_start")).toEqual([]);
  });

  test("switches workspaces, themes and adds a workspace", async () => {
    const other = { ...workspace, id: "acme", name: "Acme", current: false };
    const { user, sent } = await openPalette({ workspaces_list: () => [workspace, other] });
    await user.keyboard("switch acme");
    await waitFor(() => expect(chosen()).toHaveTextContent("Switch to Acme"));
    await user.keyboard("{Enter}");
    await waitFor(() => expect(sent("workspaces_use")).toEqual([{ workspace: "acme" }]));
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("dialog", { name: "Search or do" });
    await user.keyboard("dark{Enter}");
    await waitFor(() => expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark"));
    await waitFor(() => expect(sent("settings_set")).toEqual([expect.objectContaining({ theme: "dark" })]));
    await user.keyboard("{Control>}k{/Control}");
    await screen.findByRole("dialog", { name: "Search or do" });
    await user.keyboard("add a work{Enter}");
    expect(await screen.findByRole("dialog", { name: "Add a workspace" })).toBeVisible();
  });

  test("offers the way out of a locked keychain first", async () => {
    const { user, sent } = await openPalette({
      app_status: () => ({ ...status, keychain: "locked", problem: locked }),
    });
    expect(chosen()).toHaveTextContent("Unlock the keychain");
    await user.keyboard("{Enter}");
    await waitFor(() => expect(sent("app_unlock")).toHaveLength(1));
  });

  test("says that nothing is called so", async () => {
    const { user } = await openPalette();
    await user.keyboard("zzzz");
    expect(await screen.findByText("Nothing here is called “zzzz”.")).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("option")).not.toBeInTheDocument());
  });

  test("is walked with the arrows, round and round", async () => {
    const { user, field } = await openPalette();
    const options = screen.getAllByRole("option");
    await user.keyboard("{ArrowUp}");
    expect(chosen()).toBe(options.at(-1));
    await user.keyboard("{ArrowDown}{ArrowDown}");
    expect(chosen()).toBe(options[1]);
    expect(field).toHaveAttribute("aria-activedescendant", chosen().id);
  });

  test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
    await openPalette({}, colours);
    await expectAccessible();
  });
});
