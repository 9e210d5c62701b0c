import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../test/axe";
import type { Answers } from "../../test/backend";
import { workspace } from "../../test/fixtures";
import { aidellyWorkspace, atlas, providers } from "../../test/providers";
import { refuse, show } from "../../test/render";
import { WorkspaceMenu } from "./WorkspaceMenu";

const acme = {
  ...workspace,
  id: "atlas",
  name: "Acme data",
  provider: "atlas",
  login: "mira@acme.dev",
  organization: { id: "org_1", name: "Acme" },
  expiresAt: new Date(2099, 0, 31, 12).getTime(),
};

function menu(current = acme, overrides: Partial<Answers> = {}) {
  return show(<WorkspaceMenu current={current} onSignIn={() => {}} />, {
    workspaces_list: () => (current.id === "aidelly" ? [current] : [current, { ...aidellyWorkspace, current: false }]),
    providers_list: () => providers,
    workspaces_organizations: () => [
      { id: "org_1", name: "Acme" },
      { id: "org_2", name: "Beta" },
    ],
    ...overrides,
  });
}

async function manage(user: ReturnType<typeof show>["user"], name = "Acme data") {
  await user.click(await screen.findByRole("button", { name: new RegExp(`^Workspace ${name}`) }));
  await user.click(await screen.findByRole("menuitem", { name: `Manage ${name}…` }));
  return screen.findByRole("dialog", { name });
}

describe("the switcher", () => {
  test("shows each one's organization, account and until when it is signed in", async () => {
    const { user } = menu();
    const button = await screen.findByRole("button", { name: /^Workspace Acme data/ });
    expect(button).toHaveAccessibleName("Workspace Acme data Acme");
    await user.click(button);
    expect(await screen.findByRole("menuitem", { name: /^Acme data/ })).toHaveTextContent(
      "Acme · mira@acme.dev · signed in until 31 January 2099",
    );
    expect(screen.getByRole("menuitem", { name: /^Aidelly/ })).toHaveTextContent("app.aidelly.ai");
  });

  test("adds another one", async () => {
    const { user, sent } = menu();
    await user.click(await screen.findByRole("button", { name: /^Workspace Acme data/ }));
    await user.click(await screen.findByRole("menuitem", { name: "Add a workspace…" }));
    await user.click(await screen.findByRole("button", { name: "Local workspace" }));
    await user.click(screen.getByRole("button", { name: "Use the local workspace" }));
    expect(await screen.findByText("Added Local workspace.")).toBeVisible();
    expect(sent("sessions_sign_in")).toEqual([
      { provider: "local", method: "password", url: null, login: null, fromClipboard: false },
    ]);
  });

  test("offers no sign-out where nobody signs in", async () => {
    const { user } = menu({ ...acme, ...aidellyWorkspace, organization: acme.organization, expiresAt: 0 });
    await user.click(await screen.findByRole("button", { name: /^Workspace Aidelly/ }));
    await screen.findByRole("menuitem", { name: "Manage Aidelly…" });
    await waitFor(() => expect(screen.queryByRole("menuitem", { name: /Sign out/ })).not.toBeInTheDocument());
  });
});

describe("managing a workspace", () => {
  test("renames it", async () => {
    const { user, sent } = menu();
    const dialog = await manage(user);
    const name = within(dialog).getByRole("textbox", { name: "Name" });
    await user.clear(name);
    await user.type(name, "Warehouse{Enter}");
    await waitFor(() =>
      expect(sent("workspaces_set")).toEqual([{ workspace: "atlas", name: "Warehouse", headers: [] }]),
    );
  });

  test("changes what goes beside its keys", async () => {
    const { user, sent } = menu({ ...acme, ...aidellyWorkspace, organization: acme.organization, expiresAt: 0 });
    const dialog = await manage(user, "Aidelly");
    const id = within(dialog).getByRole("textbox", { name: "Workspace id" });
    expect(id).toHaveValue("ws_1");
    await user.clear(id);
    expect(within(dialog).getByText("Workspace id is needed.")).toBeVisible();
    await user.type(id, "ws_2{Enter}");
    await waitFor(() =>
      expect(sent("workspaces_set")).toEqual([
        { workspace: "aidelly", name: "Aidelly", headers: [{ name: "x-aidelly-workspace-id", value: "ws_2" }] },
      ]),
    );
  });

  test("chooses another organization", async () => {
    const { user, sent } = menu();
    const dialog = await manage(user);
    expect(await within(dialog).findByRole("radio", { name: "Acme" })).toBeChecked();
    await user.click(within(dialog).getByRole("radio", { name: "Beta" }));
    await waitFor(() =>
      expect(sent("workspaces_use_organization")).toEqual([{ workspace: "atlas", organization: "org_2" }]),
    );
  });

  test("asks no organizations of a product that has none", async () => {
    const { user, sent } = menu(acme, { providers_list: () => [{ ...atlas, capabilities: [] }] });
    await manage(user);
    expect(sent("workspaces_organizations")).toEqual([]);
  });

  test("says who still uses it instead of removing it", async () => {
    const { user, sent } = menu(acme, {
      workspaces_remove: refuse({
        code: "workspace.in_use",
        title: "The workspace is still used",
        detail: "Cursor is connected to Acme data.",
        hint: null,
        retry: false,
      }),
    });
    const dialog = await manage(user);
    await user.click(within(dialog).getByRole("button", { name: "Remove…" }));
    expect(dialog).toHaveTextContent("its keys leave the keychain");
    await user.click(within(dialog).getByRole("button", { name: "Remove workspace" }));
    expect(await within(dialog).findByRole("alert")).toHaveTextContent("Cursor is connected to Acme data.");
    expect(sent("workspaces_remove")).toEqual([{ workspace: "atlas" }]);
    await user.click(within(dialog).getByRole("button", { name: "Show its clients" }));
    expect(window.location.hash).toBe("#/connect");
  });

  test("is accessible", async () => {
    const { user } = menu();
    await manage(user);
    await screen.findByRole("radio", { name: "Beta" });
    await expectAccessible();
  });
});
