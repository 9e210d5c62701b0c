import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../test/axe";
import type { Answers } from "../../test/backend";
import { changes, locked, rotation, status, unreachable, workspace } from "../../test/fixtures";
import { askForKey, askForPage, refuse, show, tellOfChange } from "../../test/render";
import { settings } from "../../test/settings";
import type { RotationView } from "../ipc";
import { toast } from "../shared/toast";
import { App } from "./App";

function showWindow(overrides: Partial<Answers> = {}, colours?: "light" | "dark") {
  return show(<App />, overrides, { whole: true, ...(colours === undefined ? {} : { colours }) });
}

describe("the frame", () => {
  test("shows where one can go, with live counts, and nothing that is not built", async () => {
    showWindow();
    const rail = await screen.findByRole("navigation", { name: "Main" });
    expect(
      within(rail)
        .getAllByRole("link")
        .map((link) => link.textContent),
    ).toEqual(["Keys7gk", "Connect2gc", "Rotations1gr", "Activityga", "Settingsgs"]);
    expect(within(rail).getByRole("link", { current: "page" })).toHaveTextContent("Keys");
    expect(await screen.findByRole("heading", { name: "Keys" })).toBeVisible();
    await waitFor(() => expect(document.documentElement).toHaveAttribute("data-ready"));
  });

  test("goes from page to page and puts the focus on its heading", async () => {
    const { user } = showWindow();
    for (const name of ["Connect", "Rotations", "Activity", "Settings", "Keys"]) {
      await user.click(await screen.findByRole("link", { name: new RegExp(`^${name}`) }));
      const heading = await screen.findByRole("heading", { name, level: 1 });
      await waitFor(() => expect(heading).toHaveFocus());
    }
  });

  test("turns its status line into one banner with one action when the keychain is locked", async () => {
    const look = vi
      .fn()
      .mockResolvedValueOnce({ ...status, keychain: "locked", problem: locked })
      .mockResolvedValue(status);
    const unlock = vi.fn().mockResolvedValue(status);
    const { user } = showWindow({ app_status: look, app_unlock: unlock });
    const banner = await screen.findByRole("region", { name: "Status" });
    expect(banner).toHaveTextContent("The keychain is locked. No key can be read or stowed until you unlock it.");
    await user.click(within(banner).getByRole("button", { name: "Unlock" }));
    expect(unlock).toHaveBeenCalledOnce();
    await waitFor(() =>
      expect(screen.getByRole("region", { name: "Status" })).toHaveTextContent(
        "Keychain unlocked" + "owner@keystow.local" + "2 connections",
      ),
    );
  });

  test("says that the workspace is out of reach, and asks it again", async () => {
    let back = false;
    const { user } = showWindow({
      app_status: () => ({ ...status, bridges: 3, unreachable: back ? null : unreachable }),
      keys_list: () => {
        back = true;
        return { keys: [], total: 0, page: 1, limit: 1, budget: null, stale: null };
      },
      workspaces_list: () => [workspace],
    });
    await user.click(await screen.findByRole("link", { name: /^Activity/ }));
    back = false;
    const banner = await screen.findByRole("region", { name: "Status" });
    expect(within(banner).getByRole("status")).toHaveTextContent("Local workspace cannot be reached.");
    await user.click(within(banner).getByRole("button", { name: "Try again" }));
    await waitFor(() => expect(banner).toHaveTextContent("3 bridges"));
    expect(within(banner).queryByRole("button")).not.toBeInTheDocument();
  });

  test("says why nothing can be shown, and tries again", async () => {
    const look = vi.fn().mockRejectedValueOnce(unreachable).mockResolvedValue(status);
    const { user } = showWindow({ app_status: look });
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("navigation", { name: "Main" })).toBeVisible();
  });

  test("wears the stored theme, and another one as soon as it is chosen", async () => {
    const { user } = showWindow({ settings_get: () => ({ ...settings, theme: "dark" }) });
    await waitFor(() => expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "dark"));
    await user.click(await screen.findByRole("link", { name: "Settings" }));
    await user.click(await screen.findByRole("radio", { name: "Light" }));
    expect(document.documentElement).toHaveAttribute("data-mantine-color-scheme", "light");
  });

  test("stands where the settings cannot be read", async () => {
    showWindow({ settings_get: refuse(unreachable) });
    expect(await screen.findByRole("navigation", { name: "Main" })).toBeVisible();
  });
});

describe("workspaces", () => {
  test("are switched and left from the menu", async () => {
    const other = { ...workspace, id: "acme", name: "Acme", login: "mira@acme.dev", current: false };
    const { user, sent } = showWindow({ workspaces_list: () => [workspace, other] });
    await user.click(await screen.findByRole("button", { name: /^Workspace Local workspace/ }));
    await user.click(await screen.findByRole("menuitem", { name: /Acme/ }));
    await waitFor(() => expect(sent("workspaces_use")).toEqual([{ workspace: "acme" }]));
    await user.click(screen.getByRole("button", { name: /^Workspace Local workspace/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Sign out of Local workspace" }));
    await waitFor(() => expect(sent("sessions_sign_out")).toEqual([{ workspace: "local" }]));
  });

  test("ask to sign in again where the session is gone, without the first steps", async () => {
    const gone = { ...status, workspace: { ...workspace, signedIn: false } };
    const { user } = showWindow({ app_status: () => gone });
    expect(await screen.findByRole("heading", { name: "Sign in to go on" })).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Skip" }));
    const banner = await screen.findByRole("region", { name: "Status" });
    expect(banner).toHaveTextContent("You are signed out of Local workspace.");
    await user.click(within(banner).getByRole("button", { name: "Sign in" }));
    expect(await screen.findByRole("heading", { name: "Sign in to go on" })).toBeVisible();
  });
});

test("a first start stays in its steps after signing in, and opens the keys at its end", async () => {
  let signedIn = false;
  const { user } = showWindow({
    app_status: () => (signedIn ? status : { ...status, firstRun: true, workspace: null }),
    sessions_sign_in: () => {
      signedIn = true;
      return { state: "done", attempt: null, url: null, device: null, workspace };
    },
  });
  await user.click(await screen.findByRole("button", { name: "Try with a local workspace" }));
  await user.click(await screen.findByRole("button", { name: "Continue" }));
  await user.click(await screen.findByRole("button", { name: "Skip" }));
  expect(await screen.findByRole("heading", { name: "Keys" })).toBeVisible();
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  showWindow({}, colours);
  await screen.findByRole("heading", { name: "Keys" });
  await expectAccessible();
});

describe("a click on a notification", () => {
  test("leads to the key, from whatever page", async () => {
    const { user, sent } = showWindow();
    await user.click(await screen.findByRole("link", { name: "Settings" }));
    await askForKey({ workspace: workspace.id, key: "k_3f9c" });
    expect(await screen.findByRole("dialog", { name: "Cursor on mira" })).toBeVisible();
    expect(sent("workspaces_use")).toEqual([]);
  });

  test("leads to the page, where there is such a one", async () => {
    showWindow();
    await screen.findByRole("heading", { name: "Keys" });
    await askForPage("connect");
    await waitFor(() => expect(screen.getByRole("heading", { name: "Connect", level: 1 })).toHaveFocus());
    await askForPage("nowhere");
    expect(screen.getByRole("heading", { name: "Connect", level: 1 })).toBeVisible();
  });

  test("goes to the key's workspace first", async () => {
    let current = workspace;
    const other = { ...workspace, id: "other", name: "Other" };
    const { sent } = showWindow({
      app_status: () => ({ ...status, workspace: current }),
      workspaces_use: () => {
        current = other;
        return other;
      },
    });
    await screen.findByRole("heading", { name: "Keys" });
    await askForKey({ workspace: "other", key: "k_3f9c" });
    expect(await screen.findByRole("dialog", { name: "Cursor on mira" })).toBeVisible();
    expect(sent("workspaces_use")).toEqual([{ workspace: "other" }]);
  });
});

describe("a change by others", () => {
  test("is asked for, and nothing else", async () => {
    let keys = 7;
    const { sent } = showWindow({ app_status: () => ({ ...status, keys }) });
    await screen.findByRole("heading", { name: "Keys" });
    const asked = () => [sent("app_status").length, sent("settings_get").length, sent("keys_list").length];
    const [looks = 0, ...others] = asked();
    keys = 8;
    await tellOfChange("app");
    expect(await screen.findByRole("link", { name: /^Keys/ })).toHaveTextContent("Keys8gk");
    expect(asked()).toEqual([looks + 1, ...others]);
  });

  test("may undo what a toast offers to undo, which it does no more then", async () => {
    let undone = false;
    const { sent } = showWindow({ changes_list: () => changes.map((change) => ({ ...change, undone })) });
    await screen.findByRole("heading", { name: "Keys" });
    await tellOfChange("changes");
    expect(sent("changes_list")).toEqual([]);
    const [change] = changes;
    const action = { label: "Undo", run: () => undefined };
    act(() => toast({ text: "Connected Cursor.", about: [change?.id ?? ""], action }));
    await tellOfChange("changes");
    await waitFor(() => expect(sent("changes_list")).toHaveLength(1));
    expect(screen.getByText("Connected Cursor.")).toBeVisible();
    undone = true;
    await tellOfChange("changes");
    await waitFor(() => expect(screen.queryByText("Connected Cursor.")).toBeNull());
  });

  test("may be the end of a rotation, which the toast that told of it says", async () => {
    let ended: Partial<RotationView> = {};
    const two = () => [
      rotation({ id: "r-1", ...ended }),
      rotation({ id: "r-2", stage: "failed", endedAt: Date.now() }),
    ];
    const { sent } = showWindow({ rotations_list: two });
    await screen.findByRole("heading", { name: "Keys" });
    act(() => {
      toast({ text: "Rotating Laptop.", about: ["r-1"], over: "Rotated Laptop." });
      toast({ text: "Rotating Server.", about: ["r-2"], over: "Rotated Server." });
    });
    await tellOfChange("rotations");
    await waitFor(() => expect(screen.queryByText("Rotating Server.")).toBeNull());
    expect(screen.getByText("Rotating Laptop.")).toBeVisible();
    ended = { stage: "retired", endedAt: Date.now() };
    await tellOfChange("rotations");
    expect(await screen.findByText("Rotated Laptop.")).toBeVisible();
    await waitFor(() => expect(screen.queryByText("Rotating Laptop.")).toBeNull());
    expect(screen.queryByText("Rotated Server.")).toBeNull();
    expect(sent("rotations_list").length).toBeGreaterThan(1);
    await tellOfChange("rotations");
    expect(screen.getAllByText("Rotated Laptop.")).toHaveLength(1);
  });

  test("of the keychain is looked at when something fails for it", async () => {
    const look = vi
      .fn()
      .mockResolvedValueOnce(status)
      .mockResolvedValue({ ...status, keychain: "locked", problem: locked });
    showWindow({ app_status: look, keys_list: refuse(locked) });
    const banner = await screen.findByRole("region", { name: "Status" });
    await waitFor(() => expect(banner).toHaveTextContent("The keychain is locked."));
  });
});
