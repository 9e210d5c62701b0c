import { screen, waitFor, within } from "@testing-library/react";
import { expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { brokenFile, locked } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import { removal } from "../../../test/settings";
import { RemoveAll } from "./RemoveAll";

const page = <RemoveAll />;
const NAME = "Remove everything Keystow ever wrote";

async function open(user: { click: (element: Element) => Promise<void> }) {
  await user.click(screen.getByRole("button", { name: "Remove everything…" }));
  const dialog = await screen.findByRole("dialog", { name: NAME });
  await within(dialog).findByRole("region", { name: "What goes" });
  return dialog;
}

test("names all that goes and all that stays, and keeping it is the default", async () => {
  const { user, sent } = show(page);
  const dialog = await open(user);
  const goes = within(dialog).getByRole("region", { name: "What goes" });
  for (const text of [
    "3 keys in the keychain",
    "1 sign-in in the keychain",
    "The local workspace, and with it 2 keys",
  ]) {
    expect(goes).toHaveTextContent(text);
  }
  expect(goes).toHaveTextContent("~/.cursor/mcp.json");
  expect(goes).toHaveTextContent("Cursor: running with Keystow now.");
  const stays = within(dialog).getByRole("region", { name: "What stays" });
  for (const text of ["ocore_k_••••••••3f9c", "Reports", "What Zed took from a link", "mine.toml"]) {
    expect(stays).toHaveTextContent(text);
  }
  expect(within(dialog).getByRole("button", { name: "Remove everything" })).toBeDisabled();
  // Enter leaves, whether the focus is on the cross or on the button that keeps everything.
  expect(document.activeElement).toHaveAccessibleName(/Close|Keep everything/);
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  expect(sent("removal_apply")).toEqual([]);
});

test("removes after a tick, does not revoke keys unasked, and ends the program", async () => {
  const { user, sent } = show(page);
  const dialog = await open(user);
  await user.click(within(dialog).getByRole("checkbox", { name: "I have read this. There is no undo." }));
  await user.click(within(dialog).getByRole("button", { name: "Remove everything" }));
  expect(await screen.findByText("Keystow left nothing behind.")).toBeVisible();
  expect(sent("removal_apply")).toEqual([{ revokeKeys: false, leaveFiles: false }]);
  await user.click(screen.getByRole("button", { name: "Quit Keystow" }));
  await waitFor(() => expect(sent("app_quit")).toHaveLength(1));
});

test("revokes keys when that is ticked", async () => {
  const { user, sent } = show(page);
  const dialog = await open(user);
  await user.click(within(dialog).getByRole("checkbox", { name: "Also revoke 1 key at the workspaces" }));
  await user.click(within(dialog).getByRole("checkbox", { name: /I have read this/ }));
  await user.click(within(dialog).getByRole("button", { name: "Remove everything" }));
  await waitFor(() => expect(sent("removal_apply")).toEqual([{ revokeKeys: true, leaveFiles: false }]));
});

test("a file that cannot be written holds it up until it is left on purpose", async () => {
  const { user } = show(page, { removal_preview: () => ({ ...removal, files: [brokenFile] }) });
  const dialog = await open(user);
  await user.click(within(dialog).getByRole("checkbox", { name: /I have read this/ }));
  const remove = within(dialog).getByRole("button", { name: "Remove everything" });
  expect(remove).toBeDisabled();
  await user.click(within(dialog).getByRole("checkbox", { name: /Go on without the files/ }));
  expect(remove).toBeEnabled();
});

test("what stopped half-way is told step by step, and can be looked at again", async () => {
  const apply = vi.fn().mockResolvedValue({
    complete: false,
    steps: [
      { id: "entry", title: "Cursor: ~/.cursor/mcp.json", state: "failed", problem: locked },
      { id: "keychain", title: "Keychain", state: "not_tried", problem: null },
    ],
    kept: [],
  });
  const { user, sent } = show(page, { removal_apply: apply });
  const dialog = await open(user);
  await user.click(within(dialog).getByRole("checkbox", { name: /I have read this/ }));
  await user.click(within(dialog).getByRole("button", { name: "Remove everything" }));
  const steps = await screen.findByRole("list", { name: "Steps" });
  expect(steps).toHaveTextContent("The login keychain is locked.");
  expect(steps).toHaveTextContent("not tried");
  const looked = sent("removal_preview").length;
  await user.click(screen.getByRole("button", { name: "Look again" }));
  await screen.findByRole("region", { name: "What goes" });
  expect(sent("removal_preview").length).toBeGreaterThan(looked);
});

test("a locked keychain holds it up, and nothing was removed", async () => {
  const { user } = show(page, {
    removal_preview: () => ({ ...removal, problem: { ...locked } }),
    removal_apply: refuse(locked),
  });
  const dialog = await open(user);
  expect(within(dialog).getByRole("alert")).toHaveTextContent("Nothing was removed.");
  await user.click(within(dialog).getByRole("checkbox", { name: /I have read this/ }));
  expect(within(dialog).getByRole("button", { name: "Remove everything" })).toBeDisabled();
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  const { user } = show(page, {}, { colours });
  await open(user);
  await expectAccessible();
});
