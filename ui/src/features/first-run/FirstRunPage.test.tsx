import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import type { Answers } from "../../../test/backend";
import { freshClients, locked, status, unreachable, workspace, zed } from "../../../test/fixtures";
import { admin, insights } from "../../../test/providers";
import { show } from "../../../test/render";
import type { SignInView } from "../../ipc";
import { FirstRunPage } from "./FirstRunPage";

const fresh = { ...status, firstRun: true, workspace: null, keys: 0, connections: 0 };
const native: Partial<Answers> = { clients_list: () => freshClients };

function firstRun(onDone: () => void = () => {}) {
  return <FirstRunPage status={fresh} onlySignIn={false} onDone={onDone} />;
}

const waiting: SignInView = {
  state: "waiting",
  attempt: "at_1",
  url: "http://127.0.0.1:46113/authorize?client_id=keystow",
  device: null,
  workspace: null,
};

test("ends with a proof, with no question asked on the way", async () => {
  const onDone = vi.fn();
  const { user, sent } = show(firstRun(onDone), native);
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  expect(await screen.findByText("Signed in to Local workspace as owner@keystow.local.")).toBeVisible();
  expect(sent("sessions_sign_in")).toEqual([
    { provider: "local", method: null, url: null, login: null, fromClipboard: false },
  ]);

  await user.click(screen.getByRole("button", { name: "Continue" }));
  expect(await screen.findByRole("checkbox", { name: "Claude Desktop" })).toBeChecked();
  expect(screen.getByText("Not found here: Zed.")).toBeVisible();
  expect(screen.queryByText(/is left out/)).not.toBeInTheDocument();
  await user.click(screen.getByRole("button", { name: "Preview 3 clients" }));
  expect(sent("connections_apply")).toEqual([]);
  await user.click(await screen.findByRole("button", { name: "Write 3 files" }));

  const proof = await screen.findByRole("list", { name: "Proof" });
  await waitFor(() => expect(within(proof).getAllByText("6 tools")).toHaveLength(3));
  expect(screen.getByText("Your key is in the keychain. No file on this computer holds it.")).toBeVisible();
  await user.click(screen.getByRole("button", { name: "Open Keystow" }));
  expect(onDone).toHaveBeenCalledOnce();
});

test("takes the last step back, and can do it again", async () => {
  const { user, sent } = show(firstRun(), native);
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  await user.click(await screen.findByRole("button", { name: "Preview 3 clients" }));
  await user.click(await screen.findByRole("button", { name: "Write 3 files" }));
  await user.click(await screen.findByRole("button", { name: "Undo" }));
  expect(await screen.findByText("The files are as they were.")).toBeVisible();
  expect(sent("changes_undo")).toEqual([{ change: "ch_9" }]);
  expect(await screen.findByRole("button", { name: "Preview 3 clients" })).toBeEnabled();
});

test("says which server is connected, and which is left out because of what it can do", async () => {
  const { user } = show(firstRun(), { ...native, servers_list: () => [insights, admin] });
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  expect(await screen.findByText("They get the server Insights.")).toBeVisible();
  expect(screen.getByText(/^Administration is left out\. It can change/)).toBeVisible();
});

describe("signing in with the browser", () => {
  test("waits, lets the address be copied, and can be called off", async () => {
    let callOff: (view: SignInView) => void = () => {};
    const { user, sent, copied } = show(firstRun(), {
      ...native,
      sessions_sign_in: () => waiting,
      sessions_wait: () =>
        new Promise((resolve) => {
          callOff = resolve;
        }),
      sessions_cancel: () => {
        callOff({ state: "cancelled", attempt: null, url: null, device: null, workspace: null });
        return {};
      },
    });
    await user.click(screen.getByRole("button", { name: "Sign in to the local workspace with the browser" }));
    expect(await screen.findByText("Waiting for your browser…")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Copy address" }));
    expect(copied).toEqual([waiting.url]);
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    expect(await screen.findByText("Cancelled. Nothing was kept.")).toBeVisible();
    expect(sent("sessions_cancel")).toEqual([{ attempt: "at_1" }]);
  });

  test("goes on when the browser came back", async () => {
    const { user } = show(firstRun(), {
      ...native,
      sessions_sign_in: () => waiting,
      sessions_wait: () => ({ state: "done", attempt: null, url: null, device: null, workspace }),
    });
    await user.click(screen.getByRole("button", { name: "Sign in to the local workspace with the browser" }));
    expect(await screen.findByText("Signed in to Local workspace as owner@keystow.local.")).toBeVisible();
  });
});

test("says why signing in failed and tries the same way again", async () => {
  const signIn = vi
    .fn()
    .mockRejectedValueOnce(locked)
    .mockResolvedValue({ state: "done", attempt: null, url: null, device: null, workspace });
  const { user } = show(firstRun(), { ...native, sessions_sign_in: signIn });
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The keychain is locked");
  await user.click(screen.getByRole("button", { name: "Try again" }));
  expect(await screen.findByText(/Signed in to Local workspace/)).toBeVisible();
});

test("makes a key by hand only when asked to", async () => {
  const { user, sent } = show(firstRun(), native);
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await user.click(await screen.findByRole("button", { name: "Make one by hand too" }));
  await user.type(await screen.findByRole("textbox", { name: "Name of the key" }), "Scripts{Enter}");
  expect(await screen.findByText("Made and stowed Scripts. Clients get a key each.")).toBeVisible();
  expect(sent("keys_create")).toHaveLength(1);
});

test("can be skipped and gone back to", async () => {
  const onDone = vi.fn();
  const { user } = show(firstRun(onDone), native);
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await user.click(await screen.findByRole("button", { name: "Skip" }));
  expect(await screen.findByRole("heading", { name: "Connect what is on this computer" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: /A key/ }));
  expect(await screen.findByRole("button", { name: "Continue" })).toBeVisible();
  await user.click(screen.getByRole("button", { name: /Sign in/ }));
  await user.click(await screen.findByRole("button", { name: "Skip" }));
  expect(onDone).toHaveBeenCalledOnce();
});

test("says what to do when no client is there, and when they cannot be listed", async () => {
  const list = vi.fn().mockRejectedValueOnce(unreachable).mockResolvedValue([zed]);
  const { user } = show(firstRun(), { clients_list: list });
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  await user.click(await screen.findByRole("button", { name: "Try again" }));
  expect(await screen.findByText("No AI client found yet")).toBeVisible();
  expect(screen.getByRole("button", { name: "Look again" })).toBeEnabled();
});

test("only signs in again where the rest was done before", async () => {
  const onDone = vi.fn();
  const { user } = show(<FirstRunPage status={fresh} onlySignIn onDone={onDone} />, native);
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await waitFor(() => expect(onDone).toHaveBeenCalledOnce());
});

test.each(["light", "dark"] as const)("is accessible in %s at every step", async (colours) => {
  const { user } = show(firstRun(), native, { colours, whole: true });
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Try with a local workspace" }));
  await screen.findByRole("button", { name: "Continue" });
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Continue" }));
  await screen.findByRole("checkbox", { name: "Cursor" });
  await expectAccessible();
});
