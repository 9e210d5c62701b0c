import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { type Answers, never } from "../../../test/backend";
import { locked, unreachable, workspace } from "../../../test/fixtures";
import { aidellyWorkspace } from "../../../test/providers";
import { refuse, show } from "../../../test/render";
import type { SignInView } from "../../ipc";
import { AddWorkspace } from "./AddWorkspace";

function dialog(overrides: Partial<Answers> = {}, colours?: "light" | "dark") {
  const onDone = vi.fn();
  const onClose = vi.fn();
  const shown = show(
    <AddWorkspace onClose={onClose} onDone={onDone} />,
    overrides,
    colours === undefined ? {} : { colours },
  );
  return { ...shown, onDone, onClose };
}

const nothing: SignInView = { state: "done", attempt: null, url: null, device: null, workspace: null };

const device: SignInView = {
  ...nothing,
  state: "waiting",
  attempt: "at_7",
  url: "https://atlas.example.com/device",
  device: {
    code: "3HD5-EEMS",
    url: "https://atlas.example.com/device",
    expiresAt: Date.now() + 600_000,
    qr: ["### #", "  ## "],
  },
};

async function choose(user: ReturnType<typeof show>["user"], name: string) {
  await user.click(await screen.findByRole("button", { name }));
}

test("lists the products with what each can do from here", async () => {
  dialog();
  const atlas = await screen.findByRole("button", { name: "Atlas" });
  expect(atlas).toHaveAccessibleDescription(/You make, pause and revoke keys from here\./);
  expect(screen.getByRole("button", { name: "Aidelly" })).toHaveAccessibleDescription(/pasted here\./);
});

test("says why the products cannot be listed", async () => {
  dialog({ providers_list: refuse(unreachable) });
  expect(await screen.findByRole("alert")).toHaveTextContent("The workspace cannot be reached");
});

describe("a password", () => {
  test("comes from the clipboard: the window sends the login and no secret", async () => {
    const { user, sent, onDone } = dialog();
    await choose(user, "oCore");
    expect(document.querySelector('input[type="password"]')).toBeNull();
    const go = screen.getByRole("button", { name: "Paste the password and sign in" });
    await user.click(go);
    expect(screen.getByText(/Type its address, such as/)).toBeVisible();
    expect(screen.getByText("Type the login first.")).toBeVisible();
    expect(sent("sessions_sign_in")).toEqual([]);
    await user.type(screen.getByRole("textbox", { name: "Address" }), "https://ocore.acme.dev/api");
    await user.type(screen.getByRole("textbox", { name: "Login" }), "mira@acme.dev");
    await user.click(go);
    await waitFor(() => expect(onDone).toHaveBeenCalledWith(workspace));
    expect(sent("sessions_sign_in")).toEqual([
      {
        provider: "ocore",
        method: "password",
        url: "https://ocore.acme.dev/api",
        login: "mira@acme.dev",
        fromClipboard: true,
      },
    ]);
  });

  test("may want a one-time code, which can be typed again when it was wrong", async () => {
    const code = vi
      .fn()
      .mockRejectedValueOnce({ ...locked, title: "The code is wrong" })
      .mockResolvedValue({ ...nothing, workspace });
    const { user, sent, onDone } = dialog({
      sessions_sign_in: () => ({ ...nothing, state: "code_needed", attempt: "at_1" }),
      sessions_code: code,
    });
    await choose(user, "oCore");
    await user.type(screen.getByRole("textbox", { name: "Address" }), "https://ocore.acme.dev/api");
    await user.type(screen.getByRole("textbox", { name: "Login" }), "mira{Enter}");
    const field = await screen.findByRole("textbox", { name: "One-time code" });
    await user.type(field, "123 456{Enter}");
    expect(await screen.findByText("The code is wrong")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    await waitFor(() => expect(onDone).toHaveBeenCalled());
    expect(sent("sessions_code")).toEqual([
      { attempt: "at_1", code: "123456" },
      { attempt: "at_1", code: "123456" },
    ]);
  });
});

test("a token is pasted natively, and why it was refused is said", async () => {
  const { user, sent } = dialog({ sessions_sign_in: refuse(locked) });
  await choose(user, "Atlas");
  await user.click(screen.getByRole("radio", { name: "Token" }));
  await user.click(screen.getByRole("radio", { name: "Europe" }));
  await user.click(screen.getByRole("button", { name: "Paste the token" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The keychain is locked");
  expect(sent("sessions_sign_in")).toEqual([
    { provider: "atlas", method: "token", url: "https://api-eu.useatlas.dev", login: null, fromClipboard: true },
  ]);
});

describe("a device code", () => {
  test("stands large, is copied, is a picture, and can be called off", async () => {
    const { user, sent, copied, onClose } = dialog({ sessions_sign_in: () => device, sessions_wait: never });
    await choose(user, "Atlas");
    await user.click(screen.getByRole("button", { name: "Get a code" }));
    expect(await screen.findByText("3HD5-EEMS")).toBeVisible();
    expect(screen.getByRole("timer")).toHaveTextContent(/The code is good for (9|10):\d\d\./);
    const picture = screen.getByRole("img", { name: /QR code/ });
    expect(picture.querySelector("path")).toHaveAttribute("d", "M4 4h3v1h-3zM8 4h1v1h-1zM6 5h2v1h-2z");
    await user.click(screen.getByRole("button", { name: "Copy code" }));
    expect(copied).toEqual(["3HD5-EEMS"]);
    await user.click(screen.getByRole("button", { name: "Open the page again" }));
    expect(sent("sessions_open")).toEqual([{ attempt: "at_7" }]);
    await expectAccessible();
    await user.click(screen.getByRole("button", { name: "Cancel" }));
    await waitFor(() => expect(sent("sessions_cancel")).toEqual([{ attempt: "at_7" }]));
    expect(onClose).not.toHaveBeenCalled();
  });

  test("is called off when the dialog goes", async () => {
    const { user, sent, unmount } = dialog({ sessions_sign_in: () => device, sessions_wait: never });
    await choose(user, "Atlas");
    await user.click(screen.getByRole("button", { name: "Get a code" }));
    await screen.findByText("3HD5-EEMS");
    unmount();
    await waitFor(() => expect(sent("sessions_cancel")).toEqual([{ attempt: "at_7" }]));
  });
});

test("a product without sign-in is added with what it wants beside the key", async () => {
  const { user, sent, onDone } = dialog();
  await choose(user, "Aidelly");
  await user.click(screen.getByRole("button", { name: "Add" }));
  expect(screen.getByText("Workspace id is needed.")).toBeVisible();
  await user.type(screen.getByRole("textbox", { name: "Workspace id" }), "ws_1{Enter}");
  await waitFor(() => expect(onDone).toHaveBeenCalledWith(aidellyWorkspace));
  expect(sent("workspaces_add")).toEqual([
    { provider: "aidelly", url: null, headers: [{ name: "x-aidelly-workspace-id", value: "ws_1" }] },
  ]);
});

test("a server of one's own becomes a provider file and a workspace", async () => {
  const { user, sent, onDone } = dialog();
  await choose(user, "Another product");
  await user.type(screen.getByRole("textbox", { name: "Name" }), "Tracker");
  await user.type(screen.getByRole("textbox", { name: "MCP address" }), "https://mcp.acme.dev/mcp");
  await user.click(screen.getByRole("button", { name: "Add the server" }));
  await waitFor(() => expect(onDone).toHaveBeenCalled());
  expect(sent("providers_add_custom")).toEqual([
    { name: "Tracker", url: "https://mcp.acme.dev/mcp", header: "authorization", scheme: "Bearer" },
  ]);
  expect(sent("workspaces_add")).toEqual([{ provider: "mine", url: null, headers: [] }]);
});

test.each(["light", "dark"] as const)("is accessible in %s at every step", async (colours) => {
  const { user } = dialog({}, colours);
  await screen.findByRole("button", { name: "Atlas" });
  await expectAccessible();
  await choose(user, "oCore");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Back" }));
  await choose(user, "Another product");
  expect(within(screen.getByRole("dialog")).getByRole("textbox", { name: "Name" })).toBeVisible();
  await expectAccessible();
});
