import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { type Answers, never } from "../../../test/backend";
import { cursor, cursorConnection, locked, plan, unreachable } from "../../../test/fixtures";
import { admin, insights } from "../../../test/providers";
import { refuse, show } from "../../../test/render";
import type { SignInView } from "../../ipc";
import { ConnectPage } from "./ConnectPage";

const page = <ConnectPage signedIn onSignIn={() => {}} />;
const reports = { ...insights, id: "adlyse/reports", name: "Reports", signedIn: false };

const waiting: SignInView = {
  state: "waiting",
  attempt: "at_3",
  url: "https://mcp.adlyse.com/authorize",
  device: null,
  workspace: null,
};

let written = 0;

function withServers(overrides: Partial<Answers> = {}, colours?: "light" | "dark") {
  return show(
    page,
    {
      servers_list: () => [insights, reports, admin],
      clients_list: () => [cursor],
      connections_plan: () => ({ ...plan, files: plan.files.slice(1, 2), createsKeys: [], writes: 1 }),
      connections_apply: () => {
        written += 1;
        const connected = [{ ...cursorConnection, id: `c_${written}` }];
        return { change: `ch_${written}`, connected, disconnected: [] };
      },
      ...overrides,
    },
    colours === undefined ? {} : { colours },
  );
}

describe("the servers of a workspace", () => {
  test("say what they take, who is signed in, and why not everybody should connect them", async () => {
    withServers();
    const item = await screen.findByRole("listitem", { name: "Administration" });
    expect(item).toHaveTextContent("It can change workflows of the whole organization.");
    expect(within(item).getByRole("button", { name: "Sign in to Administration" })).toBeVisible();
    const signedIn = screen.getByRole("listitem", { name: "Insights" });
    expect(signedIn).toHaveTextContent("signed in");
    expect(within(signedIn).getByRole("button", { name: "Sign out of Insights" })).toBeVisible();
  });

  test("are signed in to in the browser, which is waited for", async () => {
    let back: (view: SignInView) => void = () => {};
    const { user, sent } = withServers({
      servers_sign_in: () => waiting,
      sessions_wait: () =>
        new Promise((resolve) => {
          back = resolve;
        }),
    });
    await user.click(await screen.findByRole("button", { name: "Sign in to Reports" }));
    expect(await screen.findByText("Waiting for your browser…")).toBeVisible();
    await waitFor(() => expect(sent("sessions_wait")).toEqual([{ attempt: "at_3" }]));
    back({ ...waiting, state: "done", attempt: null, url: null });
    expect(await screen.findByText("Signed in to Reports.")).toBeVisible();
    expect(sent("servers_sign_in")).toEqual([{ server: "adlyse/reports" }]);
  });

  test("call a sign-in off when its dialog is closed", async () => {
    const { user, sent } = withServers({ servers_sign_in: () => waiting, sessions_wait: never });
    await user.click(await screen.findByRole("button", { name: "Sign in to Reports" }));
    await user.click(await screen.findByRole("button", { name: "Close" }));
    await waitFor(() => expect(sent("sessions_cancel")).toEqual([{ attempt: "at_3" }]));
  });

  test("are signed out of, and say why that failed", async () => {
    const { user, sent } = withServers({ servers_sign_out: refuse(locked) });
    await user.click(await screen.findByRole("button", { name: "Sign out of Insights" }));
    expect(await screen.findByText(/The keychain is locked\./)).toBeVisible();
    expect(sent("servers_sign_out")).toEqual([{ server: "adlyse/insights" }]);
  });

  test("say why they cannot be listed", async () => {
    withServers({ servers_list: refuse(unreachable) });
    expect(await screen.findByRole("alert")).toHaveTextContent("127.0.0.1:46113 refused the connection.");
  });
});

describe("connecting", () => {
  test("ticks all servers but those with a caution, one preview each, then proves all", async () => {
    const { user, sent } = withServers();
    await user.click(await connectButton());
    const dialog = await screen.findByRole("dialog");
    expect(await within(dialog).findByRole("checkbox", { name: "Insights" })).toBeChecked();
    expect(within(dialog).getByRole("checkbox", { name: "Administration" })).not.toBeChecked();
    expect(within(dialog).getByRole("checkbox", { name: "Administration" })).toHaveAccessibleDescription(
      /whole organization/,
    );
    expect(dialog).toHaveTextContent("1 of 2: Insights");
    await user.click(await within(dialog).findByRole("button", { name: "Write 1 file" }));
    expect(await within(dialog).findByText("2 of 2: Reports")).toBeVisible();
    const write = await within(dialog).findByRole("button", { name: "Write 1 file" });
    await waitFor(() => expect(write).toBeEnabled());
    await user.click(write);
    expect(await within(dialog).findByRole("list", { name: "Proof" })).toBeVisible();
    expect(sent("connections_plan").map((request) => Object(request).server)).toEqual([
      "adlyse/insights",
      "adlyse/reports",
    ]);
  });

  test("plans nothing while no server is ticked", async () => {
    const { user } = withServers({ servers_list: () => [admin, { ...admin, id: "adlyse/ads", name: "Ads" }] });
    await user.click(await connectButton());
    expect(await screen.findByText("Tick at least one.")).toBeVisible();
    expect(screen.queryByRole("button", { name: /Write/ })).not.toBeInTheDocument();
    await user.click(screen.getByRole("checkbox", { name: "Ads" }));
    expect(await screen.findByRole("button", { name: "Write 1 file" })).toBeVisible();
  });
});

async function connectButton(): Promise<HTMLElement> {
  const card = await screen.findByRole("article", { name: "Cursor" });
  return within(card).getByRole("button", { name: /Connect/ });
}

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  const { user } = withServers({}, colours);
  await screen.findByRole("listitem", { name: "Administration" });
  await expectAccessible();
  await user.click(await connectButton());
  await screen.findByRole("checkbox", { name: "Insights" });
  await expectAccessible();
});
