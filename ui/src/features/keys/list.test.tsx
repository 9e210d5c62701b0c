import { fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { key } from "../../../test/fixtures";
import { local } from "../../../test/providers";
import { show } from "../../../test/render";
import type { KeyPageView } from "../../ipc";
import { KeysPage } from "./KeysPage";

const page = <KeysPage signedIn onSignIn={() => {}} />;

function line(name: string): HTMLElement {
  const found = screen.getAllByRole("row").find((each) => within(each).queryByRole("button", { name }));
  if (found === undefined) throw new Error(`no row of ${name}`);
  return found;
}

const names = () =>
  screen
    .getAllByRole("row")
    .map((row) => row.querySelector("[data-index] button:not([data-own])")?.textContent ?? "")
    .filter((name) => name !== "");

/** So many keys in pages. */
function pageOf(total: number, number: number): KeyPageView {
  const first = (number - 1) * 200;
  return {
    keys: Array.from({ length: Math.min(200, total - first) }, (_, index) =>
      key({ id: `k_${first + index}`, name: `Service ${first + index}` }),
    ),
    total,
    page: number,
    limit: 200,
    budget: null,
    stale: null,
  };
}

describe("the order of the list", () => {
  test("follows a column, turns round, and goes back; it is asked of the native side", async () => {
    const { user, sent } = show(page);
    await screen.findByText("Enabled");
    const head = () => screen.getByRole("columnheader", { name: "Name" });
    expect(head()).toHaveAttribute("aria-sort", "none");
    await user.click(within(head()).getByRole("button"));
    await waitFor(() => expect(names()[0]).toBe("Claude Desktop on mira"));
    expect(head()).toHaveAttribute("aria-sort", "ascending");
    await user.click(within(head()).getByRole("button"));
    await waitFor(() => expect(names()[0]).toBe("Shared by editors"));
    expect(head()).toHaveAttribute("aria-sort", "descending");
    await user.click(within(head()).getByRole("button"));
    await waitFor(() => expect(names()[0]).toBe("Cursor on mira"));
    const orders = sent("keys_list").map((request) => (request as { order: unknown }).order);
    // What was read a while ago is read anew when it is shown again.
    expect(orders.slice(0, 3)).toEqual([null, { by: "name", descending: false }, { by: "name", descending: true }]);
  });

  test("is remembered", async () => {
    const { user, unmount } = show(page);
    await user.click(await screen.findByRole("button", { name: "Last used" }));
    unmount();
    const { sent } = show(page);
    await screen.findByText("Enabled");
    expect(sent("keys_list")[0]).toMatchObject({ order: { by: "last_used", descending: true } });
  });

  test("is not offered for a long list of a product that puts nothing in order", async () => {
    const capabilities = local.capabilities.filter((can) => can !== "sort");
    show(page, {
      providers_list: () => [{ ...local, capabilities }],
      keys_list: ({ page: wanted }) => pageOf(1000, wanted ?? 1),
    });
    await screen.findByText("1,000");
    expect(within(screen.getByRole("columnheader", { name: "Name" })).queryByRole("button")).not.toBeInTheDocument();
  });
});

describe("with the keyboard", () => {
  test("arrows go from key to key, Enter opens one, and going back leads to it", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    line("Cursor on mira").focus();
    await user.keyboard("{ArrowDown}");
    expect(line("Claude Desktop on mira")).toHaveFocus();
    await user.keyboard("{End}");
    expect(line("Workshop in October")).toHaveFocus();
    // Headings are passed over.
    await user.keyboard("{ArrowUp}");
    expect(line("Experiments")).toHaveFocus();
    await user.keyboard("{Home}{Enter}");
    expect(await screen.findByRole("dialog", { name: "Cursor on mira" })).toBeVisible();
    expect(window.location.hash).toBe("#/keys/local/k_3f9c");
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(window.location.hash).toBe("#/keys");
  });

  test("an arrow leads from the filter into the list", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    await user.click(screen.getByRole("searchbox"));
    await user.keyboard("{ArrowDown}");
    expect(line("Cursor on mira")).toHaveFocus();
  });

  test("only one line and what is in it can be reached with Tab", async () => {
    show(page);
    await screen.findByText("Enabled");
    const reached = screen.getAllByRole("row").filter((row) => row.getAttribute("tabindex") === "0");
    expect(reached).toHaveLength(1);
    expect(within(line("Claude Desktop on mira")).getByRole("button", { name: /^Copy key/ })).toHaveAttribute(
      "tabindex",
      "-1",
    );
  });

  test("F2 renames, Enter keeps the name and the focus comes back to the line", async () => {
    const { user, sent } = show(page);
    await screen.findByText("Enabled");
    line("Cursor on mira").focus();
    await user.keyboard("{F2}");
    await waitFor(() => expect(screen.getByRole("textbox", { name: "New name for Cursor on mira" })).toHaveFocus());
    await user.keyboard("Editor{Enter}");
    await waitFor(() => expect(sent("keys_rename")).toEqual([{ key: "k_3f9c", name: "Editor" }]));
    await waitFor(() => expect(line("Cursor on mira")).toHaveFocus());
  });

  test("the menu key opens what can be done, and Escape leads back to the line", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    line("Cursor on mira").focus();
    await user.keyboard("{ContextMenu}");
    expect(await screen.findByRole("menuitem", { name: "Rotate…" })).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
    await waitFor(() => expect(line("Cursor on mira")).toHaveFocus());
  });

  test.each(["resize", "wheel"])("the menu goes on %s: what it stands beside is elsewhere then", async (happens) => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    line("Cursor on mira").focus();
    await user.keyboard("{ContextMenu}");
    await screen.findByRole("menuitem", { name: "Rotate…" });
    fireEvent(window, new Event(happens));
    await waitFor(() => expect(screen.queryByRole("menu")).not.toBeInTheDocument());
    await waitFor(() => expect(line("Cursor on mira")).toHaveFocus());
  });

  test("Space selects, Shift and an arrow select on, Escape lets go", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    line("Cursor on mira").focus();
    await user.keyboard(" ");
    expect(line("Cursor on mira")).toHaveAttribute("aria-selected", "true");
    await user.keyboard("{Shift>}{ArrowDown}{ArrowDown}{/Shift}");
    expect(await screen.findByText("3 selected")).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() => expect(screen.queryByText("3 selected")).not.toBeInTheDocument());
    expect(line("Cursor on mira")).toHaveAttribute("aria-selected", "false");
  });

  test("Ctrl and A select all that there are, but not while one types", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    await user.click(screen.getByRole("searchbox"));
    await user.keyboard("{Control>}a{/Control}");
    expect(screen.queryByText(/selected/)).not.toBeInTheDocument();
    line("Cursor on mira").focus();
    await user.keyboard("{Control>}a{/Control}");
    expect(await screen.findByText("7 selected")).toBeVisible();
  });
});

describe("the selection", () => {
  test("grows with the pointer: one by its box, a stretch with Shift", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    await user.click(screen.getByRole("checkbox", { name: "Select Cursor on mira" }));
    await user.keyboard("{Shift>}");
    await user.click(screen.getByRole("checkbox", { name: "Select Shared by editors" }));
    await user.keyboard("{/Shift}");
    expect(await screen.findByText("3 selected")).toBeVisible();
    expect(screen.getByRole("checkbox", { name: "Select all keys" })).toBePartiallyChecked();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("takes the first thousand of a hundred thousand, read page by page", async () => {
    const { user, sent } = show(page, { keys_list: ({ page: wanted }) => pageOf(100_000, wanted ?? 1) });
    await screen.findByText("100,000");
    await user.click(screen.getByRole("checkbox", { name: "Select all keys" }));
    expect(await screen.findByText("1,000 selected")).toBeVisible();
    expect(sent("keys_list").map((request) => (request as { page: number }).page)).toEqual([1, 2, 3, 4, 5]);
  });
});

describe("a line", () => {
  test("shows what else a key may do when that is reached", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    const more = within(line("Cursor on mira")).getByText("+2");
    more.focus();
    expect(await screen.findByRole("tooltip")).toHaveTextContent("call:tools write:tools");
    await user.keyboard("{Escape}");
    expect(screen.queryByRole("tooltip")).not.toBeInTheDocument();
  });

  test("tells the exact date of a relative one", async () => {
    const { user, container } = show(page);
    await screen.findByText("Enabled");
    const when = container.querySelector("[data-at]");
    if (when === null) throw new Error("a row has dates");
    await user.hover(when);
    expect(await screen.findByRole("tooltip")).toHaveTextContent(/\d{4}, \d\d:\d\d:\d\d/);
  });

  test("opens its key wherever it is clicked", async () => {
    const { user } = show(page);
    await screen.findByText("Enabled");
    await user.click(within(line("Nightly report")).getByText("no client"));
    expect(await screen.findByRole("dialog", { name: "Nightly report" })).toBeVisible();
  });
});

describe("a key that another took the place of", () => {
  const old = key({ id: "k_01d0", name: "Codex on mira", retiresAt: Date.now() + 58 * 60_000 });
  const answers = {
    keys_list: () => ({ ...pageOf(0, 1), keys: [old, key({ id: "k_9e30", name: old.name })], total: 2 }),
  };

  test("is told apart from the new one, says when it goes, and is not rotated again", async () => {
    const { user } = show(page, answers);
    const [first, second] = await screen.findAllByRole("row", { name: /Codex on mira/ });
    if (first === undefined || second === undefined) throw new Error("two rows were expected");
    expect(within(first).getByText("old key")).toBeVisible();
    expect(within(first).getByText("in 58 min")).toBeVisible();
    expect(within(second).queryByText("old key")).not.toBeInTheDocument();
    await user.click(within(first).getByRole("button", { name: "Actions for Codex on mira" }));
    expect(await screen.findByRole("menuitem", { name: "Pause" })).toBeVisible();
    expect(screen.queryByRole("menuitem", { name: "Rotate…" })).not.toBeInTheDocument();
  });

  test("leads to its rotation from its page", async () => {
    const { user } = show(page, { ...answers, keys_show: () => old });
    const [first] = await screen.findAllByRole("button", { name: "Codex on mira" });
    if (first === undefined) throw new Error("a row was expected");
    await user.click(first);
    const drawer = await screen.findByRole("dialog", { name: "Codex on mira" });
    expect(within(drawer).getByRole("link", { name: "See the rotation" })).toHaveAttribute("href", "#/rotations");
    expect(within(drawer).queryByRole("button", { name: "Rotate…" })).not.toBeInTheDocument();
  });

  test("stays as it is when it is among those to be rotated", async () => {
    const { user } = show(page, answers);
    await user.click(await screen.findByRole("checkbox", { name: "Select all keys" }));
    await user.click(await screen.findByRole("button", { name: "Rotate…" }));
    const dialog = await screen.findByRole("dialog", { name: "Rotate 1 key?" });
    expect(dialog).toHaveTextContent("it is being rotated already");
  });
});

test("the line that is chosen first stays in sight above what is said of it", async () => {
  const into = vi.spyOn(Element.prototype, "scrollIntoView");
  const { user } = show(page);
  const box = await screen.findByRole("checkbox", { name: "Select Claude Desktop on mira" });
  await user.click(box);
  await screen.findByRole("toolbar");
  expect(into.mock.contexts).toEqual([box.closest('[role="row"]')]);
  into.mockRestore();
});

test("a card is let go with Escape", async () => {
  const { user } = show(page);
  await user.click(await screen.findByRole("button", { name: "Never expires 1" }));
  await waitFor(() => expect(screen.queryByRole("button", { name: "Cursor on mira" })).not.toBeInTheDocument());
  await user.keyboard("{Escape}");
  expect(await screen.findByRole("button", { name: "Cursor on mira" })).toBeVisible();
  expect(screen.getByRole("button", { name: "Never expires 1" })).toHaveAttribute("aria-pressed", "false");
});

test.each(["light", "dark"] as const)("a selection is accessible in %s", async (colours) => {
  const { user } = show(page, {}, { colours });
  await user.click(await screen.findByRole("checkbox", { name: "Select Cursor on mira" }));
  await screen.findByRole("toolbar");
  await expectAccessible();
});
