import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { rotation, unreachable } from "../../../test/fixtures";
import { rotateAll } from "../../../test/providers";
import { refuse, show } from "../../../test/render";
import { send } from "../../shared/errands";
import { KeysPage } from "./KeysPage";

const page = <KeysPage signedIn onSignIn={() => {}} />;
type User = ReturnType<typeof show>["user"];

async function choose(user: User, ...names: string[]) {
  await screen.findByText("Enabled");
  for (const name of names) await user.click(screen.getByRole("checkbox", { name: `Select ${name}` }));
}

async function open(user: User, verb: string) {
  const bar = await screen.findByRole("toolbar", { name: "Selected keys" });
  await user.click(within(bar).getByRole("button", { name: verb }));
  return screen.findByRole("dialog");
}

describe("revoking several keys", () => {
  test("names who uses them and when, and asks to say that all are meant", async () => {
    const { user, sent } = show(page);
    await choose(user, "Cursor on mira", "Shared by editors", "Nightly report");
    const dialog = await open(user, "Revoke…");
    expect(dialog).toHaveTextContent("Cursor and VS Code use them. Cursor on mira was used last, 3 min ago.");
    expect(dialog).toHaveTextContent("This cannot be undone.");
    const revoke = within(dialog).getByRole("button", { name: "Revoke 3 keys" });
    expect(revoke).toBeDisabled();
    expect(sent("keys_delete")).toEqual([]);
    await user.click(within(dialog).getByRole("checkbox", { name: "Yes, revoke these 3 keys for good" }));
    await user.click(revoke);
    expect(await within(dialog).findByText("Revoked 3 keys.")).toBeVisible();
    expect(sent("keys_delete")).toEqual([{ key: "k_3f9c" }, { key: "k_b0d2" }, { key: "k_09e1" }]);
    await user.click(within(dialog).getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("toolbar")).not.toBeInTheDocument());
  });

  test("says which was not revoked and why, keeps it selected, and tries it again", async () => {
    const remove = vi.fn(({ key }: { key: string }) =>
      key === "k_b0d2" && remove.mock.calls.length < 3 ? Promise.reject(unreachable) : Promise.resolve({}),
    );
    const { user } = show(page, { keys_delete: remove });
    await choose(user, "Cursor on mira", "Shared by editors");
    const dialog = await open(user, "Revoke…");
    await user.click(within(dialog).getByRole("checkbox", { name: /^Yes, revoke/ }));
    await user.click(within(dialog).getByRole("button", { name: "Revoke 2 keys" }));
    expect(await within(dialog).findByText("Revoked 1 of 2 keys.")).toBeVisible();
    expect(dialog).toHaveTextContent("1 key was not revoked.");
    const [left] = within(dialog).getAllByRole("listitem");
    expect(left).toHaveTextContent("Shared by editors");
    expect(left).toHaveTextContent("The workspace cannot be reached");
    await user.click(within(dialog).getByRole("button", { name: "Try 1 key again" }));
    expect(await within(dialog).findByText("Revoked 2 keys.")).toBeVisible();
    expect(remove.mock.calls.map(([{ key }]) => key)).toEqual(["k_3f9c", "k_b0d2", "k_b0d2"]);
  });

  test("stops after the one that is under way, and says what was not begun", async () => {
    let finish = () => {};
    const { user, sent } = show(page, {
      keys_delete: () =>
        new Promise((resolve) => {
          finish = () => resolve({});
        }),
    });
    await choose(user, "Cursor on mira", "Shared by editors", "Nightly report");
    const dialog = await open(user, "Revoke…");
    await user.click(within(dialog).getByRole("checkbox", { name: /^Yes, revoke/ }));
    await user.click(within(dialog).getByRole("button", { name: "Revoke 3 keys" }));
    expect(await within(dialog).findByText("0 of 3 keys")).toBeVisible();
    expect(within(dialog).getByRole("progressbar")).toBeInTheDocument();
    await user.click(within(dialog).getByRole("button", { name: "Stop" }));
    finish();
    expect(await within(dialog).findByText("Revoked 1 of 3 keys.")).toBeVisible();
    expect(within(dialog).getAllByText("not begun")).toHaveLength(2);
    expect(sent("keys_delete")).toHaveLength(1);
  });

  test("of one is asked for as ever", async () => {
    const { user } = show(page);
    await choose(user, "Cursor on mira");
    const dialog = await open(user, "Revoke…");
    expect(dialog).toHaveAccessibleName("Revoke Cursor on mira?");
  });
});

test("pausing leaves out what is paused already, and says so", async () => {
  const { user, sent } = show(page);
  await choose(user, "Cursor on mira", "Nightly report", "Experiments");
  const dialog = await open(user, "Pause…");
  expect(dialog).toHaveTextContent("Cursor uses them.");
  expect(dialog).toHaveTextContent("Calls with them are refused until you resume them.");
  expect(dialog).toHaveTextContent("ExperimentsStays: it is paused");
  await user.click(within(dialog).getByRole("button", { name: "Pause 2 keys" }));
  expect(await within(dialog).findByText("Paused 2 keys.")).toBeVisible();
  expect(sent("keys_pause")).toEqual([{ key: "k_3f9c" }, { key: "k_09e1" }]);
});

test("several keys are rotated with one grace", async () => {
  const { user, sent } = show(page);
  await choose(user, "Cursor on mira", "Nightly report", "Old laptop");
  const dialog = await open(user, "Rotate…");
  expect(dialog).toHaveTextContent("Old laptopStays: its secret is not on this computer");
  await user.click(within(dialog).getByRole("radio", { name: "after 24 hours" }));
  await user.click(within(dialog).getByRole("button", { name: "Rotate 2 keys" }));
  expect(await within(dialog).findByText("Began to rotate 2 keys.")).toBeVisible();
  expect(sent("rotations_start")).toEqual([
    { key: "k_3f9c", grace: "day" },
    { key: "k_09e1", grace: "day" },
  ]);
  expect(within(dialog).getByRole("link", { name: "Show rotations" })).toHaveAttribute("href", "#/rotations");
});

describe("rotating every key", () => {
  test("begins with what it would do, and which keys stay and why", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "Rotate all keys…" }));
    const dialog = await screen.findByRole("dialog", { name: "Rotate all keys of this workspace?" });
    expect(await within(dialog).findByText(/Cursor, Claude Desktop and VS Code use them/)).toBeVisible();
    expect(dialog).toHaveTextContent("ExperimentsStays: it is paused");
    expect(dialog).toHaveTextContent("4 keys more of this workspace stay as they are");
    expect(sent("rotations_start")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Rotate 3 keys" }));
    expect(await screen.findByText("Began to rotate 3 keys.")).toBeVisible();
    expect(sent("rotations_start")).toHaveLength(3);
  });

  test("tells of a rotation that could not go on", async () => {
    show(page, { rotations_start: () => rotation({ problem: unreachable }) });
    await screen.findByText("Enabled");
    send({ does: "rotate-all" });
    const dialog = await screen.findByRole("dialog", { name: "Rotate all keys of this workspace?" });
    (await within(dialog).findByRole("button", { name: "Rotate 3 keys" })).click();
    expect(await screen.findByText("Began to rotate 0 of 3 keys.")).toBeVisible();
  });

  test("is not offered where no key can be, and says why where it cannot be told", async () => {
    show(page, { rotations_plan_all: () => ({ ...rotateAll, keys: [], left: [], elsewhere: 0 }) });
    await screen.findByText("Enabled");
    send({ does: "rotate-all" });
    const dialog = await screen.findByRole("dialog", { name: "Rotate all keys of this workspace?" });
    expect(await within(dialog).findByText("There is no key that can be rotated.")).toBeVisible();
    expect(within(dialog).queryByRole("button", { name: /^Rotate/ })).not.toBeInTheDocument();
  });

  test("says why it cannot be looked at", async () => {
    const { user } = show(page, { rotations_plan_all: refuse(unreachable) });
    await user.click(await screen.findByRole("button", { name: "Rotate all keys…" }));
    expect(await screen.findByText("The workspace cannot be reached")).toBeVisible();
  });
});

test.each(["light", "dark"] as const)("what is asked and what came of it is accessible in %s", async (colours) => {
  const { user } = show(page, {}, { colours });
  await choose(user, "Cursor on mira", "Nightly report");
  const dialog = await open(user, "Revoke…");
  await expectAccessible();
  await user.click(within(dialog).getByRole("checkbox", { name: /^Yes, revoke/ }));
  await user.click(within(dialog).getByRole("button", { name: "Revoke 2 keys" }));
  await within(dialog).findByText("Revoked 2 keys.");
  await expectAccessible();
});
