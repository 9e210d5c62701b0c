import { screen, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import type { Answers } from "../../../test/backend";
import { catalogue } from "../../../test/catalogue.generated";
import { key, status, workspace } from "../../../test/fixtures";
import { show } from "../../../test/render";
import type { ProviderView } from "../../ipc";
import { KeysPage } from "./KeysPage";

const page = <KeysPage signedIn onSignIn={() => {}} />;

/** A workspace of a product with two keys: one stowed, one whose secret is elsewhere. */
function at(product: ProviderView): Partial<Answers> {
  const keys = [key({ id: "k_here", name: "Here" }), key({ id: "k_there", name: "There", stowed: false })];
  return {
    app_status: () => ({ ...status, workspace: { ...workspace, provider: product.id, name: product.name } }),
    providers_list: () => [...catalogue],
    keys_list: () => ({ keys, total: 2, page: 1, limit: 200, budget: null, stale: null }),
    keys_show: ({ key: id }) => keys.find((each) => each.id === id) ?? key({ id, name: id }),
  };
}

test("is that of all eight", () => {
  expect(catalogue.map(({ id }) => id)).toEqual([
    "local",
    "adlyse",
    "aidelly",
    "atlas",
    "creatoraudit",
    "ocore",
    "better-auth",
    "custom",
  ]);
});

describe.each(catalogue)("$name", (product) => {
  const can = (what: string) => product.capabilities.includes(what);
  const lists = can("list");

  test("has a page that offers what it can do, and no more", async () => {
    const { user } = show(page, at(product));
    expect(await screen.findByRole("button", { name: "Paste a key" })).toBeVisible();
    const there = (role: "button" | "switch", name: string) => screen.queryByRole(role, { name }) !== null;
    expect(there("button", "New key")).toBe(can("create"));
    expect(there("switch", "Everybody's keys")).toBe(can("everybody"));

    await user.click(await screen.findByRole("button", { name: "Actions for There" }));
    await screen.findByRole("menu");
    const offered = screen.getAllByRole("menuitem").map((item) => item.textContent);
    expect(offered).toEqual([
      "Details",
      "Paste it…",
      ...(can("create") && can("delete") ? ["Replace it…"] : []),
      ...(can("rename") || !lists ? ["Rename"] : []),
      ...(can("pause") ? ["Pause"] : []),
      ...(can("delete") ? ["Revoke…"] : lists ? [] : ["Remove…"]),
    ]);
  });

  test("shows of a key what it can tell, and where the rest is done", async () => {
    const { user, sent } = show(page, at(product));
    await user.click(await screen.findByRole("button", { name: "Here" }));
    const drawer = await screen.findByRole("dialog", { name: "Here" });
    await within(drawer).findByRole("region", { name: "Usage" });
    const scopes = can("update_scopes") && (product.scopes.length > 0 || product.moreScopes);
    const change = within(drawer).queryByRole("button", { name: "Change" });
    expect(change !== null).toBe(scopes || can("mcp_access"));
    expect(sent("keys_usage")).toHaveLength(can("usage") ? 1 : 0);
    for (const { what } of product.dashboard?.also ?? []) expect(product.capabilities).not.toContain(what);
    const elsewhere = screen.queryByText(`What only the dashboard of ${product.name} can do`);
    expect(elsewhere !== null).toBe((product.dashboard?.also.length ?? 0) > 0);
  });

  if (can("create")) {
    test("makes keys with the limits it knows, and no other", async () => {
      const { user } = show(page, at(product));
      await user.click(await screen.findByRole("button", { name: "New key" }));
      const dialog = await screen.findByRole("dialog", { name: "New key" });
      const field = (name: string) => within(dialog).queryByRole("textbox", { name }) !== null;
      const group = (name: string) => within(dialog).queryByRole("group", { name }) !== null;
      expect(group("Scopes")).toBe(product.scopes.length > 0 || product.moreScopes);
      expect(field("Another scope")).toBe(product.moreScopes);
      expect(within(dialog).queryByRole("radiogroup", { name: "Expires" }) !== null).toBe(can("expire"));
      const readOnly = within(dialog).queryByRole("checkbox", { name: "Read only" });
      expect(readOnly !== null).toBe(can("mcp_access"));
      expect(within(dialog).queryByRole("radiogroup", { name: "Permissions" }) !== null).toBe(
        can("mcp_access") && product.presets.length > 0,
      );
      if (can("mcp_access")) {
        await user.click(within(dialog).getByText("More limits over MCP"));
        for (const name of ["Tools", "Permissions over MCP", "Projects", "Instances"]) expect(field(name)).toBe(true);
        expect(field("Preset")).toBe(product.presets.length === 0);
      }
    });
  } else {
    test("says where keys are made instead", async () => {
      const { user } = show(page, at(product));
      await user.click(await screen.findByRole("button", { name: "Paste a key" }));
      const dialog = await screen.findByRole("dialog", { name: `Paste a key of ${product.name}` });
      const steps = within(dialog).queryAllByRole("listitem");
      expect(steps.map((step) => step.textContent)).toEqual(product.dashboard?.create ?? []);
      expect(within(dialog).queryByRole("button", { name: "Open the dashboard" }) !== null).toBe(
        product.dashboard !== null,
      );
    });
  }

  if (!can("delete")) {
    test("says where keys are revoked instead", async () => {
      const { user } = show(page, at(product));
      await user.click(await screen.findByRole("button", { name: "Actions for Here" }));
      await user.click(await screen.findByRole("menuitem", { name: "Remove…" }));
      const dialog = await screen.findByRole("dialog", { name: "Remove Here from this computer?" });
      for (const step of product.dashboard?.revoke ?? []) expect(dialog).toHaveTextContent(step);
    });
  }
});
