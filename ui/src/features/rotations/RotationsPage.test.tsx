import { screen, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { ago, rotation, status, unreachable } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import { RotationsPage } from "./RotationsPage";

const page = <RotationsPage />;

test("says how far each client is, and what is waited for", async () => {
  show(page);
  const card = await screen.findByRole("article", { name: "Cursor on mira" });
  expect(card).toHaveTextContent("Waits for the next call of Claude Desktop.");
  const [cursor, claude] = within(card).getAllByRole("listitem");
  expect(cursor).toHaveTextContent("uses the right key, last call ok just now");
  expect(claude).toHaveTextContent("waiting for its next call");
});

test("keeps what is over apart", async () => {
  show(page);
  const history = await screen.findByRole("region", { name: "History" });
  const [head, laptop, old] = within(history).getAllByRole("row");
  expect(head).toHaveTextContent("KeyOutcomeOld and newEnded");
  expect(laptop).toHaveTextContent("old key revoked");
  expect(old).toHaveTextContent("new key was not taken");
});

test("says how many clients are over", async () => {
  show(page);
  const card = await screen.findByRole("article", { name: "Cursor on mira" });
  expect(card).toHaveTextContent("1 of 2 clients on the right key");
  expect(within(card).getByRole("progressbar", { name: /Clients of Cursor on mira/ })).toHaveAttribute(
    "aria-valuenow",
    "50",
  );
});

test("leads to rotating all keys", async () => {
  const { user } = show(page);
  await user.click(await screen.findByRole("link", { name: "Rotate all keys…" }));
  expect(window.location.hash).toBe("#/keys");
});

test("offers to rotate all keys only where there is one", async () => {
  show(page, { app_status: () => ({ ...status, keys: 0 }), rotations_list: () => [] });
  expect(await screen.findByText("No key was rotated yet")).toBeVisible();
  expect(screen.queryByRole("link", { name: "Rotate all keys…" })).not.toBeInTheDocument();
});

test("counts down the grace", async () => {
  show(page, { rotations_list: () => [rotation({ stage: "observed", grace: "hour", retiresAt: ago(-58 * 60_000) })] });
  expect(await screen.findByText("Old key retires in 58 min")).toBeVisible();
});

test("retires the old key at once when asked to, after saying who keeps it", async () => {
  const holding = rotation({});
  const { user, sent } = show(page, {
    rotations_list: () => [{ ...holding, clients: holding.clients.map((client) => ({ ...client, state: "holds" })) }],
  });
  await user.click(await screen.findByRole("button", { name: "Retire now: the old key of Cursor on mira" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent(
    "keep the old key until they are restarted, and fail until then: Cursor, Claude Desktop.",
  );
  expect(sent("rotations_retire")).toEqual([]);
  await user.click(within(dialog).getByRole("button", { name: "Retire old key" }));
  expect(sent("rotations_retire")).toEqual([{ rotation: "r-x7k2m9qa" }]);
});

test("calls a rotation off, and says what that does", async () => {
  const { user, sent } = show(page);
  await user.click(await screen.findByRole("button", { name: "Call off… the rotation of Cursor on mira" }));
  const dialog = await screen.findByRole("dialog");
  expect(dialog).toHaveTextContent("Clients use the old key again.");
  await user.click(within(dialog).getByRole("button", { name: "Call it off" }));
  expect(sent("rotations_cancel")).toEqual([{ rotation: "r-x7k2m9qa" }]);
});

test("guides through what only a dashboard does", async () => {
  const byHand = { stage: "planned", wantsKey: true, steps: ["Choose New key.", "Copy it."] } as const;
  const { user, sent } = show(page, { rotations_list: () => [rotation({ ...byHand, steps: [...byHand.steps] })] });
  expect(await screen.findByText("Choose New key.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Paste the new key" }));
  expect(sent("rotations_paste")).toEqual([{ rotation: "r-x7k2m9qa" }]);
});

test("says why a step failed, and tries it again", async () => {
  const { user, sent } = show(page, { rotations_list: () => [rotation({ problem: unreachable })] });
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  expect(sent("rotations_advance")).toEqual([{ rotation: "r-x7k2m9qa" }]);
});

test("says what will stand here, and why it cannot be read", async () => {
  show(page, { rotations_list: () => [] });
  expect(await screen.findByText("No key was rotated yet")).toBeVisible();
  show(page, { rotations_list: refuse(unreachable) });
  expect(await screen.findByRole("alert")).toBeVisible();
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  show(page, {}, { colours });
  await screen.findByRole("article", { name: "Cursor on mira" });
  await expectAccessible();
});

test.each(["light", "dark"] as const)("asks accessibly in %s before it ends one", async (colours) => {
  const { user } = show(page, {}, { colours });
  await user.click(await screen.findByRole("button", { name: "Call off… the rotation of Cursor on mira" }));
  await screen.findByRole("dialog");
  await expectAccessible();
});
