import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import type { Answers } from "../../../test/backend";
import { key, keys, status, unreachable } from "../../../test/fixtures";
import { aidellyWorkspace, atlas, local, provider } from "../../../test/providers";
import { refuse, show } from "../../../test/render";
import { daysOf, initialExpiry } from "./Expiry";
import { KeysPage } from "./KeysPage";

const page = <KeysPage signedIn onSignIn={() => {}} />;

/** A workspace of a product whose keys are made in its dashboard. */
const pasted: Partial<Answers> = { app_status: () => ({ ...status, workspace: aidellyWorkspace }) };

async function menuOf(user: ReturnType<typeof show>["user"], name: string) {
  await user.click(await screen.findByRole("button", { name: `Actions for ${name}` }));
  await screen.findByRole("menu");
  return screen.getAllByRole("menuitem").map((item) => item.textContent);
}

describe("a product whose keys are made in its dashboard", () => {
  test("offers to paste a key and nothing that it cannot do", async () => {
    const { user } = show(page, pasted);
    expect(await screen.findByRole("button", { name: "Paste a key" })).toBeVisible();
    expect(screen.queryByRole("button", { name: "New key" })).not.toBeInTheDocument();
    expect(await menuOf(user, "Cursor on mira")).toEqual(["Details", "Copy", "Rename", "Rotate…", "Remove…"]);
  });

  test("shows the steps, opens the dashboard, and stows from the clipboard", async () => {
    const { user, sent } = show(page, pasted);
    await user.click(await screen.findByRole("button", { name: "Paste a key" }));
    const dialog = await screen.findByRole("dialog", { name: "Paste a key of Aidelly" });
    expect(within(dialog).getAllByRole("listitem")).toHaveLength(2);
    expect(dialog).toHaveTextContent("shows a key only once");
    await user.click(within(dialog).getByRole("button", { name: "Open the dashboard" }));
    expect(sent("workspaces_open_dashboard")).toEqual([{ workspace: "aidelly" }]);
    await user.type(within(dialog).getByRole("textbox", { name: "Name (optional)" }), "Posts");
    await user.click(within(dialog).getByRole("button", { name: "Paste the key" }));
    expect(await screen.findByText("Stowed Posts.")).toBeVisible();
    expect(sent("keys_paste")).toEqual([{ name: "Posts", key: null }]);
  });

  test("says that nothing was stowed when the key is not good", async () => {
    const { user } = show(page, { ...pasted, keys_paste: refuse({ ...unreachable, title: "That is no such key" }) });
    await user.click(await screen.findByRole("button", { name: "Paste a key" }));
    await user.click(await screen.findByRole("button", { name: "Paste the key" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("That is no such key");
    expect(alert).toHaveTextContent("Nothing was stowed.");
  });

  test("says how to revoke a key, and that it is only forgotten here", async () => {
    const { user, sent } = show(page, pasted);
    await menuOf(user, "Cursor on mira");
    await user.click(screen.getByRole("menuitem", { name: "Remove…" }));
    const dialog = await screen.findByRole("dialog", { name: "Remove Cursor on mira from this computer?" });
    expect(dialog).toHaveTextContent("It is only forgotten here");
    expect(dialog).toHaveTextContent("Revoke the key there.");
    await user.click(within(dialog).getByRole("button", { name: "Remove key" }));
    await waitFor(() => expect(sent("keys_delete")).toEqual([{ key: "k_3f9c" }]));
  });

  test("invites to paste the first one", async () => {
    show(page, {
      ...pasted,
      keys_list: () => ({ keys: [], total: 0, page: 1, limit: 200, budget: null, stale: null }),
    });
    expect(await screen.findByText(/Keys of Aidelly are made in its dashboard/)).toBeVisible();
  });
});

describe("a key whose secret is elsewhere", () => {
  test("can be pasted or replaced", async () => {
    const { user, sent } = show(page);
    expect(await menuOf(user, "Old laptop")).toContain("Paste it…");
    await user.click(screen.getByRole("menuitem", { name: "Replace it…" }));
    const dialog = await screen.findByRole("dialog", { name: "Replace Old laptop?" });
    expect(dialog).toHaveTextContent("The old key is revoked");
    await user.click(within(dialog).getByRole("button", { name: "Replace key" }));
    expect(await screen.findByText("Replaced Old laptop. Its secret is stowed.")).toBeVisible();
    expect(sent("keys_replace")).toEqual([{ key: "k_55c0" }]);
  });

  test("is pasted as itself", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "Old laptop" }));
    await user.click(await screen.findByRole("button", { name: "Paste it…" }));
    await user.click(await screen.findByRole("button", { name: "Paste the key" }));
    await waitFor(() => expect(sent("keys_paste")).toEqual([{ name: null, key: "k_55c0" }]));
  });
});

describe("the details of a key", () => {
  test("show what it may do, what it was used for, and by whom", async () => {
    const { user } = show(page);
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    const drawer = await screen.findByRole("dialog", { name: "Cursor on mira" });
    expect(await within(drawer).findByText(/1,280 requests this period/)).toBeVisible();
    expect(within(drawer).getByRole("region", { name: "Busiest endpoints" })).toHaveTextContent("tools/call900");
    expect(within(drawer).getByRole("region", { name: "Used by" })).toHaveTextContent("Cursor");
    await expectAccessible();
  });

  test("change its scopes, and say when clients must connect anew", async () => {
    const { user, sent } = show(page, {
      keys_update: () => key({ id: "k_3f9c", name: "Cursor on mira", reconnect: "Clients must connect anew." }),
    });
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    await user.click(await screen.findByRole("button", { name: "Change" }));
    await user.click(screen.getByRole("checkbox", { name: "write:tools" }));
    await user.click(screen.getByRole("button", { name: "Save" }));
    expect(await screen.findByText("Clients must connect anew.")).toBeVisible();
    expect(sent("keys_update")).toEqual([
      {
        key: "k_3f9c",
        scopes: ["view:keys", "call:tools"],
        readOnly: false,
        preset: "",
        tools: [],
        mcpPermissions: [],
        projects: [],
        instances: [],
      },
    ]);
  });

  test("say what only the dashboard can do, step by step", async () => {
    const { user } = show(page, pasted);
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    await user.click(await screen.findByText("What only the dashboard of Aidelly can do"));
    expect(screen.getByRole("region", { name: "Let a key expire" })).toHaveTextContent(
      "An expiry is set when the key is made.",
    );
  });

  test("ask for no usage where the product tells none, and offer no change it cannot make", async () => {
    const plain = provider({ ...local, capabilities: ["list", "create"] });
    const { user, sent } = show(page, { providers_list: () => [plain] });
    await user.click(await screen.findByRole("button", { name: "Cursor on mira" }));
    expect(await screen.findByText(/The product tells no more than that/)).toBeVisible();
    expect(screen.queryByRole("button", { name: "Change" })).not.toBeInTheDocument();
    expect(screen.queryByRole("button", { name: /Revoke/ })).not.toBeInTheDocument();
    expect(sent("keys_usage")).toEqual([]);
  });
});

describe("the state of the list", () => {
  test("is said where it is what was known before", async () => {
    show(page, { keys_list: () => ({ keys, total: 7, page: 1, limit: 200, budget: null, stale: unreachable }) });
    expect(await screen.findByText(/This is what was known before/)).toBeVisible();
    expect(await screen.findByText("Enabled")).toBeVisible();
  });

  test("tells what the account may still ask", async () => {
    const budget = { limit: 10, remaining: 7, windowS: 86_400, resetsAt: null };
    show(page, { keys_list: () => ({ keys, total: 7, page: 1, limit: 200, budget, stale: null }) });
    expect(await screen.findByText("Your account: 7 of 10 requests left.")).toBeVisible();
  });

  test("is filtered by a card, and whole again without it", async () => {
    const { user } = show(page);
    const card = await screen.findByRole("button", { name: "Never expires 1" });
    expect(screen.getByRole("button", { name: "Idle 90 days 0" })).toBeDisabled();
    await user.click(card);
    await waitFor(() => expect(screen.queryByRole("button", { name: "Cursor on mira" })).not.toBeInTheDocument());
    expect(screen.getByRole("button", { name: "Nightly report" })).toBeVisible();
    await user.click(card);
    expect(await screen.findByRole("button", { name: "Cursor on mira" })).toBeVisible();
  });

  test("marks what expires within 14, 7 and 1 days", async () => {
    const soon = (id: string, days: number) =>
      key({ id, name: id, expiresAt: Date.now() + days * 86_400_000 - 60_000 });
    const list = [soon("k_a", 1), soon("k_b", 7), soon("k_c", 14), soon("k_d", 15)];
    const { container } = show(page, {
      keys_list: () => ({ keys: list, total: 4, page: 1, limit: 200, budget: null, stale: null }),
    });
    await screen.findByText("Enabled");
    expect([...container.querySelectorAll("[data-near]")].map((chip) => chip.getAttribute("data-near"))).toEqual([
      "1",
      "7",
      "14",
    ]);
  });
});

describe("a new key of a product that limits how long it lives", () => {
  test("never expires nowhere in it, and takes a date", async () => {
    const { user, sent } = show(page, {
      app_status: () => ({ ...status, workspace: { ...aidellyWorkspace, provider: "atlas" } }),
      providers_list: () => [atlas],
    });
    await user.click(await screen.findByRole("button", { name: "New key" }));
    const dialog = await screen.findByRole("dialog", { name: "New key" });
    expect(
      within(dialog)
        .getAllByRole("radio")
        .map((radio) => radio.getAttribute("value")),
    ).toEqual(["30", "90", "365", "date"]);
    expect(within(dialog).queryByRole("checkbox")).not.toBeInTheDocument();
    await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "x".repeat(33));
    await user.click(within(dialog).getByRole("radio", { name: "Date" }));
    await user.click(within(dialog).getByRole("button", { name: "Create key" }));
    expect(await screen.findByText("A name has at most 32 characters.")).toBeVisible();
    expect(screen.getByText(/Choose a day to come/)).toBeVisible();
    expect(sent("keys_create")).toEqual([]);
  });

  test("has a date counted in whole days", () => {
    const now = new Date(2026, 10, 21, 12).getTime();
    expect(daysOf({ choice: "date", date: "2026-11-23" }, 365, now)).toBe(2);
    expect(daysOf({ choice: "date", date: "2026-11-21" }, 365, now)).toBe(1);
    expect(daysOf({ choice: "date", date: "2026-11-01" }, 365, now)).toBeUndefined();
    expect(daysOf({ choice: "date", date: "2028-11-01" }, 365, now)).toBeUndefined();
    expect(daysOf({ choice: "never", date: "" }, null, now)).toBeNull();
    expect(initialExpiry(60, null).choice).toBe("30");
  });
});

test("many scopes are searched", async () => {
  const scopes = Array.from({ length: 12 }, (_, index) => ({ id: `scope:${index}`, about: `Number ${index}` }));
  const { user } = show(page, { providers_list: () => [{ ...local, scopes }] });
  await user.click(await screen.findByRole("button", { name: "New key" }));
  await user.type(await screen.findByRole("searchbox", { name: "Search scopes" }), "scope:11");
  expect(screen.getByRole("checkbox", { name: "scope:11" })).toBeVisible();
  expect(screen.queryByRole("checkbox", { name: "scope:3" })).not.toBeInTheDocument();
});
