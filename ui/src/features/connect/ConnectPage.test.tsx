import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { never } from "../../../test/backend";
import {
  brokenFile,
  changedOnDisk,
  chatgpt,
  connection,
  cursor,
  cursorConnection,
  drift,
  freshClients,
  links,
  plan,
  TOOLS,
  unreachable,
  vscodeConnection,
  zed,
} from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import type { LinkView } from "../../ipc";
import { ConnectPage } from "./ConnectPage";

const page = <ConnectPage signedIn onSignIn={() => {}} />;

const startFailed = {
  code: "probe.start",
  title: "It did not start",
  detail: "~/.local/share/keystow/bin/keystow is missing.",
  hint: "Run `keystow doctor --fix`.",
  retry: true,
};

describe("the clients", () => {
  test("keep their place while they are looked for", () => {
    show(page, { clients_list: never });
    expect(screen.getByRole("heading", { name: "On this computer" })).toBeVisible();
  });

  test("say where they stand, and what would be looked for where they are absent", async () => {
    show(page);
    expect(await screen.findByRole("article", { name: "Claude Desktop" })).toHaveTextContent("not connected");
    expect(screen.getByRole("article", { name: "Claude Desktop" })).toHaveTextContent("unverified");
    expect(screen.getByRole("article", { name: "Cursor" })).toHaveTextContent("connected");
    expect(screen.getByRole("article", { name: "VS Code" })).toHaveTextContent("changed by hand");
    expect(screen.getByText("~/.config/zed or the program zed")).toBeVisible();
  });

  test("are looked for again when there is none", async () => {
    const list = vi.fn().mockResolvedValueOnce([zed]).mockResolvedValue(freshClients);
    const { user } = show(page, { clients_list: list });
    await user.click(await screen.findByRole("button", { name: "Look again" }));
    expect(await screen.findByRole("article", { name: "Cursor" })).toBeVisible();
  });

  test("say why they cannot be listed", async () => {
    show(page, { clients_list: refuse(unreachable) });
    expect(await screen.findByRole("alert")).toHaveTextContent("127.0.0.1:46113 refused the connection.");
  });

  test("ask for a workspace first", async () => {
    const onSignIn = vi.fn();
    const { user } = show(<ConnectPage signedIn={false} onSignIn={onSignIn} />, { clients_list: () => freshClients });
    await user.click(await screen.findByRole("button", { name: "Sign in" }));
    expect(onSignIn).toHaveBeenCalledOnce();
  });
});

describe("connecting", () => {
  test("goes from selection over preview and proof to undo, by keyboard alone", async () => {
    const { user, sent } = show(page, {
      clients_list: () => freshClients,
      connections_apply: () => ({ change: "ch_9", connected: [cursorConnection, vscodeConnection], disconnected: [] }),
    });
    const tick = await screen.findByRole("checkbox", { name: "Select Cursor" });
    const tabTo = async (wanted: HTMLElement) => {
      for (let steps = 0; steps < 40 && document.activeElement !== wanted; steps++) await user.tab();
      expect(wanted).toHaveFocus();
    };
    await tabTo(tick);
    await user.keyboard(" ");
    await tabTo(screen.getByRole("checkbox", { name: "Select VS Code" }));
    await user.keyboard(" ");
    await tabTo(screen.getByRole("button", { name: "Connect 2 selected" }));
    await user.keyboard("{Enter}");

    const dialog = await screen.findByRole("dialog", { name: "Connect Cursor and VS Code" });
    expect(sent("connections_plan")).toEqual([
      expect.objectContaining({ clients: ["cursor", "vscode"], replace: false }),
    ]);
    expect(sent("connections_apply")).toEqual([]);
    const first = await within(dialog).findByRole("tab", { name: /Cursor/ });
    await tabTo(first);
    await user.keyboard("{ArrowDown}");
    expect(within(dialog).getByRole("region", { name: "Changes to ~/.config/Code/User/mcp.json" })).toBeVisible();
    await tabTo(within(dialog).getByRole("button", { name: "Write 2 files" }));
    await user.keyboard("{Enter}");

    const proof = await within(dialog).findByRole("list", { name: "Proof" });
    await waitFor(() => expect(within(proof).getAllByText("6 tools")).toHaveLength(2));
    expect(proof).toHaveTextContent("Reload Cursor's window to load it.");
    expect(sent("connections_apply")).toEqual([{ plan: "p_1" }]);
    await tabTo(within(dialog).getByRole("button", { name: "Done" }));
    await user.keyboard("{Enter}");

    expect(await screen.findByText("Connected Cursor and VS Code.")).toBeVisible();
    await tabTo(screen.getByRole("button", { name: "Undo" }));
    await user.keyboard("{Enter}");
    expect(await screen.findByText("Undone. The files are as they were.")).toBeVisible();
    expect(sent("changes_undo")).toEqual([{ change: "ch_9" }]);
  });

  test("shows what comes, what goes, and nothing secret", async () => {
    const { user } = show(page, { clients_list: () => freshClients });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    const diff = await screen.findByRole("region", { name: "Changes to ~/.cursor/mcp.json" });
    expect(diff).toHaveTextContent("‹redacted›");
    expect(within(diff).getAllByText("added")).toHaveLength(5);
    expect(within(diff).getAllByText("removed")).toHaveLength(1);
    expect(screen.getByText("Other servers and comments in this file stay as they are.")).toBeVisible();
    expect(screen.getByText("1 new key, stowed in the keychain")).toBeVisible();
  });

  test("warns before a client that would overwrite the file", async () => {
    const { user } = show(page, { clients_list: () => freshClients });
    await user.click(await screen.findByRole("button", { name: "Connect Claude Desktop" }));
    expect(
      await screen.findByText("Claude Desktop is running and would overwrite this change. Quit it, then write."),
    ).toBeVisible();
  });

  test("writes nothing while one file cannot be written", async () => {
    const { user } = show(page, {
      clients_list: () => freshClients,
      connections_plan: () => ({ ...plan, files: [brokenFile], writes: 1 }),
    });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    expect(await screen.findByText(/line 7, column 3/)).toBeVisible();
    expect(screen.getByRole("button", { name: "Write 1 file" })).toBeDisabled();
  });

  test("replaces an entry of the same name only when told to", async () => {
    const taken = {
      code: "edit.entry_taken",
      title: "There is an entry of that name already",
      detail: "~/.cursor/mcp.json has an entry named keystow.",
      hint: "Replace it on purpose, or rename it in the file first. Nothing was written.",
      retry: false,
    };
    const { user, sent } = show(page, {
      clients_list: () => freshClients,
      connections_plan: ({ replace }) =>
        replace ? plan : { ...plan, files: [{ ...brokenFile, problem: taken }], writes: 1 },
    });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    await user.click(await screen.findByRole("button", { name: "Replace the entry" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Write 3 files" })).toBeEnabled());
    expect(sent("connections_plan").at(-1)).toEqual(expect.objectContaining({ clients: ["cursor"], replace: true }));
  });

  test("offers a new preview when a file changed meanwhile, and writes nothing", async () => {
    const apply = vi
      .fn()
      .mockRejectedValueOnce(changedOnDisk)
      .mockResolvedValue({
        change: "ch_9",
        connected: [cursorConnection],
        disconnected: [],
      });
    const { user, sent } = show(page, { clients_list: () => freshClients, connections_apply: apply });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    await user.click(await screen.findByRole("button", { name: "Write 1 file" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("The file changed");
    expect(alert).toHaveTextContent("Nothing was written.");
    expect(screen.getByRole("button", { name: "Write 1 file" })).toBeDisabled();
    await user.click(within(alert).getByRole("button", { name: "New preview" }));
    await waitFor(() => expect(screen.getByRole("button", { name: "Write 1 file" })).toBeEnabled());
    expect(sent("connections_plan")).toHaveLength(2);
    await user.click(screen.getByRole("button", { name: "Write 1 file" }));
    expect(await screen.findByText("6 tools")).toBeVisible();
  });

  test("says in one line why a proof failed, and tries again", async () => {
    const probe = vi
      .fn()
      .mockResolvedValueOnce({ connection: "c_cursor", tools: [], tookMs: 90, problem: startFailed })
      .mockResolvedValue({ connection: "c_cursor", tools: TOOLS, tookMs: 90, problem: null });
    const { user } = show(page, {
      clients_list: () => freshClients,
      connections_apply: () => ({ change: "ch_9", connected: [cursorConnection], disconnected: [] }),
      connections_probe: probe,
    });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    await user.click(await screen.findByRole("button", { name: "Write 1 file" }));
    expect(await screen.findByText("It did not start")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("6 tools")).toBeVisible();
  });
});

describe("choices and troubles", () => {
  test("writes another settings file another way when asked to", async () => {
    const target = cursor.targets[0];
    if (target === undefined) throw new Error("Cursor has a settings file");
    const { user, sent } = show(page, {
      clients_list: () => [
        {
          ...cursor,
          targets: [
            target,
            {
              ...target,
              id: "project",
              path: "<project>/.cursor/mcp.json",
              needsProject: true,
              modes: ["bridge", "helper", "exec"],
            },
          ],
        },
      ],
    });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    await user.selectOptions(await screen.findByLabelText("Settings file"), "project");
    await user.type(screen.getByLabelText("Project"), "/home/mira/work{Enter}");
    await user.selectOptions(screen.getByLabelText("How it reaches the server"), "helper");
    await waitFor(() =>
      expect(sent("connections_plan").at(-1)).toEqual(
        expect.objectContaining({ target: "project=/home/mira/work", mode: "helper" }),
      ),
    );
  });

  test("waits until a running client has quit, then shows a new preview", async () => {
    let running = true;
    const { user, sent } = show(page, {
      clients_list: () => freshClients,
      clients_running: ({ client }) => ({ client, name: "Claude Desktop", running, known: true }),
    });
    await user.click(await screen.findByRole("button", { name: "Connect Claude Desktop" }));
    await user.click(await screen.findByRole("button", { name: "Wait until it quits" }));
    expect(await screen.findByRole("button", { name: "Waiting for Claude Desktop to quit… Stop" })).toBeVisible();
    expect(sent("connections_plan")).toHaveLength(1);
    running = false;
    await waitFor(() => expect(sent("connections_plan")).toHaveLength(2), { timeout: 5000 });
    expect(sent("connections_apply")).toEqual([]);
  });

  test("rolls back what was written when a later file failed", async () => {
    const { user, sent } = show(page, {
      clients_list: () => freshClients,
      connections_apply: refuse({
        code: "apply.partly",
        title: "Not everything was written",
        detail: "Cursor was written. VS Code was not: the disk is full.",
        hint: "Roll back what was written, or make room and connect VS Code again.",
        retry: false,
        change: "ch_12",
      }),
    });
    await user.click(await screen.findByRole("button", { name: "Connect Cursor" }));
    await user.click(await screen.findByRole("button", { name: "Write 1 file" }));
    const alert = await screen.findByRole("alert");
    expect(alert).toHaveTextContent("Cursor was written.");
    expect(alert).not.toHaveTextContent("Nothing was written.");
    await user.click(within(alert).getByRole("button", { name: "Roll back what was written" }));
    await waitFor(() => expect(sent("changes_undo")).toEqual([{ change: "ch_12" }]));
  });

  test("hands over links, with no key in them", async () => {
    const { user, sent, copied } = show(page, { clients_list: () => [cursor, chatgpt] });
    await user.click(await screen.findByRole("button", { name: "Show links for ChatGPT" }));
    const dialog = await screen.findByRole("dialog", { name: "Connect ChatGPT by link" });
    await user.click(await within(dialog).findByRole("button", { name: "Copy: On a command line" }));
    expect(copied).toEqual(["claude mcp add -s user keystow -- keystow bridge c_link"]);
    await user.click(within(dialog).getByRole("button", { name: "Open: Add to Cursor" }));
    await waitFor(() =>
      expect(sent("clients_open_link")).toEqual([
        { links: { client: "chatgpt", server: null, key: null, exposeKey: false }, number: 1 },
      ]),
    );
    await expectAccessible();
  });

  test("copies a link with the key in it only when asked to, and never shows it", async () => {
    const exposing: LinkView = { kind: "url", title: "With the key", text: null, exposesKey: true, opens: false };
    const { user, sent, copied } = show(page, {
      clients_list: () => [chatgpt],
      clients_links: ({ exposeKey }) => (exposeKey ? { ...links, links: [...links.links, exposing] } : links),
    });
    await user.click(await screen.findByRole("button", { name: "Show links for ChatGPT" }));
    const dialog = await screen.findByRole("dialog", { name: "Connect ChatGPT by link" });
    await within(dialog).findByText("Add to Cursor");
    expect(within(dialog).queryByText("With the key")).not.toBeInTheDocument();
    await user.click(within(dialog).getByRole("checkbox", { name: "Also those with the key in them" }));
    await user.click(await within(dialog).findByRole("button", { name: "Copy: With the key" }));
    expect(within(dialog).getByText("Not shown: the key is in it.")).toBeVisible();
    expect(sent("clients_copy_link")).toEqual([
      { links: { client: "chatgpt", server: null, key: null, exposeKey: true }, number: 3 },
    ]);
    expect(copied).toEqual([]);
    expect(await screen.findByText("Copied a link with Cursor on mira in it. Clears in 30 s.")).toBeVisible();
    await expectAccessible();
  });

  test("offers links beside the settings file where a client has both", async () => {
    const { user } = show(page, { clients_list: () => [{ ...cursor, links: true }] });
    expect(await screen.findByRole("article", { name: "Cursor" })).toHaveTextContent("1 settings file");
    await user.click(screen.getByRole("button", { name: "Show links for Cursor" }));
    expect(await screen.findByRole("dialog", { name: "Connect Cursor by link" })).toBeVisible();
  });
});

describe("managing", () => {
  test("starts the entry and lists its tools, and the card remembers how many", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "Manage Cursor" }));
    const drawer = await screen.findByRole("dialog", { name: /Cursor/ });
    expect(sent("connections_probe")).toEqual([]);
    await user.click(within(drawer).getByRole("button", { name: "Start it and ask" }));
    expect(await within(drawer).findByText("list_keys")).toBeVisible();
    await user.keyboard("{Escape}");
    await waitFor(() =>
      expect(screen.getByRole("article", { name: "Cursor" })).toHaveTextContent("connected · 6 tools"),
    );
  });

  test("disconnects after a preview", async () => {
    const { user, sent } = show(page, {
      connections_apply: () => ({ change: "ch_10", connected: [], disconnected: ["c_cursor"] }),
    });
    await user.click(await screen.findByRole("button", { name: "Manage Cursor" }));
    await user.click(await screen.findByRole("button", { name: "Disconnect" }));
    const dialog = await screen.findByRole("dialog", { name: "Disconnect Cursor" });
    await user.click(await within(dialog).findByRole("button", { name: "Write 1 file" }));
    expect(await screen.findByText("Disconnected Cursor. Its key is still in the keychain.")).toBeVisible();
    expect(sent("connections_plan_removal")).toEqual([{ clients: ["cursor"] }]);
  });

  test("forgets an entry that is gone, where no file has to be written", async () => {
    const { user, sent } = show(page, {
      clients_list: () => [{ ...cursor, connections: [connection({ entry: "gone" })] }],
      connections_plan_removal: () => ({
        ...plan,
        files: [{ ...brokenFile, problem: null, action: "keep" }],
        createsKeys: [],
        writes: 0,
      }),
      connections_apply: () => ({ change: null, connected: [], disconnected: ["c_cursor"] }),
    });
    await user.click(await screen.findByRole("button", { name: "Review Cursor" }));
    await user.click(await screen.findByRole("button", { name: "Disconnect" }));
    await user.click(await screen.findByRole("button", { name: "Forget connection" }));
    await waitFor(() => expect(sent("connections_apply")).toHaveLength(1));
  });

  test("restores a changed entry", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "Review VS Code" }));
    await user.click(await screen.findByRole("button", { name: "Restore it" }));
    const dialog = await screen.findByRole("dialog", { name: "Restore VS Code's entry" });
    await user.click(await within(dialog).findByRole("button", { name: "Write 1 file" }));
    expect(sent("connections_plan_repair")).toEqual([{ connections: ["c_vscode"], action: "restore" }]);
    expect(sent("connections_apply")).toHaveLength(1);
    await user.click(await within(dialog).findByRole("button", { name: "Done" }));
    expect(await screen.findByText("Restored VS Code's entry.")).toBeVisible();
  });

  test("keeps a changed entry as it is, without writing a file", async () => {
    const { user, sent } = show(page, {
      connections_plan_repair: () => ({
        ...plan,
        files: [{ ...brokenFile, problem: null, action: "keep" }],
        createsKeys: [],
        writes: 0,
      }),
      connections_apply: () => ({ change: "ch_11", connected: [], disconnected: [] }),
    });
    await user.click(await screen.findByRole("button", { name: "Review VS Code" }));
    await user.click(await screen.findByRole("button", { name: "Keep as it is" }));
    const dialog = await screen.findByRole("dialog", { name: "Keep VS Code's entry as it is" });
    await user.click(await within(dialog).findByRole("button", { name: "Keep as it is" }));
    expect(await screen.findByText("VS Code's entry is kept as it is.")).toBeVisible();
    expect(sent("connections_plan_repair")).toEqual([{ connections: ["c_vscode"], action: "adopt" }]);
  });

  test("compares an entry three ways", async () => {
    const { user } = show(page);
    await user.click(await screen.findByRole("button", { name: "Review VS Code" }));
    await user.click(await screen.findByRole("button", { name: "Compare" }));
    const dialog = await screen.findByRole("dialog", { name: /three ways/ });
    expect(await within(dialog).findByRole("region", { name: "As it stands in the file" })).toHaveTextContent(
      "/usr/local/bin/keystow",
    );
    expect(within(dialog).getByRole("region", { name: "As Keystow wrote it" })).toHaveTextContent("c_cursor");
    expect(within(dialog).getByText("Changed by hand")).toBeVisible();
    await expectAccessible();
  });

  test("goes on from the comparison, and says why an entry cannot be kept", async () => {
    const adoptProblem = { ...startFailed, title: "The entry is for something else" };
    const { user, sent } = show(page, { connections_drift: () => ({ ...drift, adoptProblem }) });
    await user.click(await screen.findByRole("button", { name: "Review VS Code" }));
    await user.click(await screen.findByRole("button", { name: "Compare" }));
    const dialog = await screen.findByRole("dialog", { name: /three ways/ });
    expect(await within(dialog).findByRole("button", { name: "Keep as it is" })).toBeDisabled();
    expect(within(dialog).getByText("It cannot stay as it is. The entry is for something else.")).toBeVisible();
    await user.click(within(dialog).getByRole("button", { name: "Restore it" }));
    expect(await screen.findByRole("dialog", { name: "Restore VS Code's entry" })).toBeVisible();
    expect(sent("connections_plan_repair")).toEqual([{ connections: ["c_vscode"], action: "restore" }]);
  });

  test("shows where a file cannot be read", async () => {
    show(page, {
      clients_list: () => [
        { ...cursor, connections: [connection({ entry: "unreadable", problem: brokenFile.problem })] },
      ],
    });
    expect(await screen.findByRole("article", { name: "Cursor" })).toHaveTextContent("file unreadable");
  });
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  const { user } = show(page, {}, { colours });
  await screen.findByRole("article", { name: "Cursor" });
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "Connect Claude Desktop" }));
  await screen.findByRole("region", { name: /Changes to/ });
  await expectAccessible();
});
