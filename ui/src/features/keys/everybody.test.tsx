import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import type { Answers } from "../../../test/backend";
import { key, keys, status } from "../../../test/fixtures";
import { ocore } from "../../../test/providers";
import { show } from "../../../test/render";
import { KeysPage } from "./KeysPage";

const page = <KeysPage signedIn onSignIn={() => {}} />;
const others = [
  key({ id: "k_o1", name: "Their laptop", owner: "Acme", stowed: false, lastUsedAt: null }),
  key({ id: "k_o2", name: "Ours", owner: "Us" }),
];
const native: Partial<Answers> = {
  keys_list: ({ everybody, search }) => {
    const all = everybody ? others : keys;
    const found = all.filter(({ name }) => name.includes(search ?? ""));
    return { keys: found, total: found.length, page: 1, limit: 200, budget: null, stale: null };
  },
};

test("everybody's keys are listed with their owners, searched, and revoked, but not copied", async () => {
  const { user, sent } = show(page, native);
  await user.click(await screen.findByRole("switch", { name: "Everybody's keys" }));
  expect(await screen.findByRole("button", { name: "Their laptop" })).toBeVisible();
  expect(screen.getByRole("columnheader", { name: "Owner" })).toBeVisible();
  expect(screen.getByText("Acme")).toBeVisible();
  expect(screen.queryByRole("button", { name: "Copy key Their laptop" })).not.toBeInTheDocument();
  expect(screen.queryByRole("group", { name: "Worth a look" })).not.toBeInTheDocument();
  await expectAccessible();

  await user.click(screen.getByRole("button", { name: "Actions for Their laptop" }));
  await screen.findByRole("menu");
  expect(screen.getAllByRole("menuitem").map((item) => item.textContent)).toEqual(["Details", "Revoke…"]);
  await user.click(screen.getByRole("menuitem", { name: "Revoke…" }));
  const dialog = await screen.findByRole("dialog", { name: "Revoke Their laptop?" });
  expect(dialog).toHaveTextContent("It is a key of Acme. It was never used.");
  await user.click(within(dialog).getByRole("button", { name: "Revoke key" }));
  await waitFor(() => expect(sent("keys_revoke_other")).toEqual([{ key: "k_o1", name: "Their laptop" }]));
  expect(sent("keys_delete")).toEqual([]);

  await user.type(await screen.findByRole("searchbox", { name: /Filter/ }), "Ours");
  await waitFor(() => expect(screen.queryByRole("button", { name: "Their laptop" })).not.toBeInTheDocument());
  expect(sent("keys_list").at(-1)).toMatchObject({ search: "Ours", everybody: true });
});

test("the details of another's key ask nothing that only its owner may", async () => {
  const { user, sent } = show(page, native);
  await user.click(await screen.findByRole("switch", { name: "Everybody's keys" }));
  await user.click(await screen.findByRole("button", { name: "Their laptop" }));
  const drawer = await screen.findByRole("dialog", { name: "Their laptop" });
  expect(within(drawer).getByText("Acme")).toBeVisible();
  expect(within(drawer).queryByRole("button", { name: "Paste it…" })).not.toBeInTheDocument();
  expect(within(drawer).queryByRole("button", { name: "Change" })).not.toBeInTheDocument();
  expect(sent("keys_show")).toEqual([]);
  expect(sent("keys_usage")).toEqual([]);
});

test("a scope that is not listed is typed where the product has more", async () => {
  const { user, sent } = show(page, {
    app_status: () => ({
      ...status,
      workspace: status.workspace === null ? null : { ...status.workspace, provider: "ocore" },
    }),
    providers_list: () => [{ ...ocore, moreScopes: true, scopes: [{ id: "view:servers", about: "See servers" }] }],
  });
  await user.click(await screen.findByRole("button", { name: "New key" }));
  const dialog = await screen.findByRole("dialog", { name: "New key" });
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Reports");
  await user.type(within(dialog).getByRole("textbox", { name: "Another scope" }), "manage backups");
  expect(dialog).toHaveTextContent("A scope has no spaces");
  expect(within(dialog).getByRole("button", { name: "Add" })).toBeDisabled();
  await user.clear(within(dialog).getByRole("textbox", { name: "Another scope" }));
  await user.type(within(dialog).getByRole("textbox", { name: "Another scope" }), "manage:backups{Enter}");
  expect(sent("keys_create")).toEqual([]);
  expect(within(dialog).getByRole("checkbox", { name: "manage:backups" })).toBeChecked();
  await user.click(within(dialog).getByRole("button", { name: "Create key" }));
  await waitFor(() => expect(sent("keys_create")).toHaveLength(1));
  expect(sent("keys_create")[0]).toMatchObject({ scopes: ["manage:backups"] });
});

test("a key that a notification led to is shown, and asked for once", async () => {
  let shown = 0;
  const { sent } = show(<KeysPage signedIn onSignIn={() => {}} asked="k_3f9c" onShown={() => (shown += 1)} />, native);
  expect(await screen.findByRole("dialog", { name: "Cursor on mira" })).toBeVisible();
  expect(shown).toBeGreaterThan(0);
  expect(sent("keys_show")[0]).toEqual({ key: "k_3f9c" });
});
