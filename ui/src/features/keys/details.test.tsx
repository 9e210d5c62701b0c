import { screen, waitFor, within } from "@testing-library/react";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { rotation, unreachable } from "../../../test/fixtures";
import { usage } from "../../../test/providers";
import { refuse, show } from "../../../test/render";
import { KeysPage } from "./KeysPage";
import { seriesOf } from "./UsageChart";

const page = <KeysPage signedIn onSignIn={() => {}} />;

let narrow: (() => void) | null = null;

/** A window that is wide enough for a page of its own. */
function wide() {
  const spy = vi.spyOn(window, "matchMedia");
  narrow = () => spy.mockRestore();
  spy.mockImplementation((query) => ({
    matches: query.includes("min-width") || query.includes("prefers-reduced-motion"),
    media: query,
    onchange: null,
    addListener: () => {},
    removeListener: () => {},
    addEventListener: () => {},
    removeEventListener: () => {},
    dispatchEvent: () => false,
  }));
}

afterEach(() => {
  narrow?.();
  narrow = null;
});

describe("the address of a key", () => {
  test("opens it, and the list without it closes it", async () => {
    window.location.hash = "#/keys/local/k_71aa";
    show(page);
    expect(await screen.findByRole("dialog", { name: "Claude Desktop on mira" })).toBeVisible();
    window.location.hash = "#/keys";
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  });

  test("of a key of another workspace is nothing here", async () => {
    window.location.hash = "#/keys/other/k_71aa";
    show(page);
    await screen.findByText("Enabled");
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });

  test("of one that is not there says so, with the way back", async () => {
    window.location.hash = "#/keys/local/k_nowhere";
    show(page, { keys_show: refuse({ ...unreachable, code: "input.unknown", title: "There is no such key" }) });
    const dialog = await screen.findByRole("dialog", { name: "This key cannot be shown" });
    expect(within(dialog).getByText("There is no such key")).toBeVisible();
  });
});

describe("on a wide window", () => {
  beforeEach(wide);

  test("a key has a page of its own; Escape and the link lead back to the list", async () => {
    const { user } = show(page);
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Cursor on mira" })).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
    expect(screen.queryByRole("grid")).not.toBeInTheDocument();
    expect(screen.getByRole("link", { name: "All keys" })).toHaveAttribute("href", "#/keys");
    await user.keyboard("{Escape}");
    expect(await screen.findByRole("grid", { name: "Keys" })).toBeVisible();
  });

  test("it is rotated and revoked from there, and what takes its place is shown", async () => {
    const { user, sent } = show(page, {
      rotations_start: () => rotation({ stage: "retired", newKey: "k_71aa", endedAt: Date.now() }),
    });
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    await user.click(await screen.findByRole("button", { name: "Rotate…" }));
    await user.click(await screen.findByRole("button", { name: "Rotate key" }));
    expect(await screen.findByRole("heading", { level: 1, name: "Claude Desktop on mira" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Actions" }));
    await user.click(await screen.findByRole("menuitem", { name: "Revoke…" }));
    await user.click(await screen.findByRole("button", { name: "Revoke key" }));
    expect(await screen.findByRole("grid", { name: "Keys" })).toBeVisible();
    expect(sent("keys_delete")).toEqual([{ key: "k_71aa" }]);
  });

  test.each(["light", "dark"] as const)("it is accessible in %s", async (colours) => {
    const { user } = show(page, {}, { colours });
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    await screen.findByRole("img", { name: /Requests from/ });
    await expectAccessible();
  });
});

describe("the use of a key", () => {
  async function opened(answers = {}) {
    const shown = show(page, answers);
    await shown.user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    return { ...shown, drawer: await screen.findByRole("dialog", { name: "Cursor on mira" }) };
  }

  test("is a picture by day and client, and the same as a table", async () => {
    const { user, drawer } = await opened();
    const chart = await within(drawer).findByRole("img", {
      name: "Requests from 19 November to 21 November: 1,280 in all",
    });
    const legend = within(drawer).getByRole("region", { name: "Requests by day" });
    expect(legend).toHaveTextContent("Cursor 1,200");
    expect(legend).toHaveTextContent("VS Code 80");
    // The last day first: that is what one came to see.
    chart.focus();
    await user.keyboard("{ArrowRight}");
    expect(await within(drawer).findByText("21 November: 780 requests")).toBeVisible();
    await user.keyboard("{ArrowLeft}");
    expect(await within(drawer).findByText("20 November: 500 requests")).toBeVisible();
    await user.click(within(drawer).getByText("As a table"));
    const [, first] = within(drawer).getAllByRole("row");
    expect(first).toHaveTextContent("20 November5005000");
  });

  test("says that there was none", async () => {
    const quiet = { ...usage, days: usage.days.map((day) => ({ ...day, count: 0, clients: [] })) };
    const { drawer } = await opened({ keys_usage: () => quiet });
    expect(await within(drawer).findByText("No request in the last 3 days.")).toBeVisible();
    expect(within(drawer).queryByRole("img")).not.toBeInTheDocument();
  });

  test("is one row of bars where clients are not told apart, and the rest of many is one", () => {
    expect(seriesOf([{ day: "2026-11-21", count: 3, clients: [] }]).map(({ name, total }) => [name, total])).toEqual([
      ["All", 3],
    ]);
    const clients = Array.from({ length: 7 }, (_, index) => ({ name: `c${index}`, count: 10 - index }));
    const count = clients.reduce((sum, client) => sum + client.count, 0);
    const series = seriesOf([{ day: "2026-11-21", count, clients }]);
    expect(series.map(({ name }) => name)).toEqual(["c0", "c1", "c2", "c3", "c4", "Others"]);
    expect(series.at(-1)?.total).toBe(9);
  });

  test("and what happened to it, and its connections with the way to look after them", async () => {
    const { user, drawer } = await opened();
    expect(await within(drawer).findByText("Copied key Cursor on mira.")).toBeVisible();
    const manage = within(drawer).getByRole("link", { name: "Manage Cursor" });
    await user.click(manage);
    expect(window.location.hash).toBe("#/connect");
  });

  test("is not there for what cannot be told, while the rest stands", async () => {
    const { drawer } = await opened({ keys_trail: refuse(unreachable) });
    expect(await within(drawer).findByText("The workspace cannot be reached")).toBeVisible();
    expect(within(drawer).getByRole("region", { name: "May" })).toBeVisible();
  });
});

test("a key is renamed where it is shown", async () => {
  const { user, sent } = show(page);
  await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
  const drawer = await screen.findByRole("dialog", { name: "Cursor on mira" });
  await user.click(within(drawer).getByRole("button", { name: "Actions" }));
  await user.click(await screen.findByRole("menuitem", { name: "Rename" }));
  await waitFor(() => expect(screen.getByRole("textbox", { name: "New name for Cursor on mira" })).toHaveFocus());
  await user.keyboard("Editor{Enter}");
  await waitFor(() => expect(sent("keys_rename")).toEqual([{ key: "k_3f9c", name: "Editor" }]));
});
