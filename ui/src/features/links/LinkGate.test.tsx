import { emit } from "@tauri-apps/api/event";
import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { refuse, show } from "../../../test/render";
import type { DeepLinkView, ProblemView, WaitingLinkView } from "../../ipc";
import { LinkGate } from "./LinkGate";

const nothing: WaitingLinkView = { link: null, refused: null };

const connect: DeepLinkView = {
  connect: {
    workspace: "acme",
    workspaceName: "Acme",
    otherWorkspace: true,
    server: "acme/tools",
    serverName: "Acme tools",
    host: { host: "mcp.acme.dev", url: "https://mcp.acme.dev/mcp", local: false },
    clients: [{ id: "cursor", name: "Cursor", found: true }],
    name: "tools",
  },
  provider: null,
  warnings: [],
  problem: null,
};

const provider: DeepLinkView = {
  connect: null,
  provider: {
    name: "Acme",
    host: { host: "xn--cme-5cd.dev", url: "https://xn--cme-5cd.dev/mcp", local: false },
    header: "authorization",
    scheme: "Bearer",
    path: "~/.config/keystow/providers/acme.toml",
    text: 'id = "acme"\nname = "Acme"\n',
  },
  warnings: [
    { code: "link.punycode", severity: "caution", text: "xn--cme-5cd.dev is written with letters beyond a-z." },
  ],
  problem: null,
};

const refused: ProblemView = {
  code: "link.refused",
  title: "This link is refused",
  detail: "The link is not followed: it carries what looks like a key, a token or a password.",
  hint: "Nothing was done. Links never hold a key, and do nothing without being asked.",
  retry: false,
};

const gate = <LinkGate />;
/** One link waits, once: whoever takes it has it. */
const waits = (link: DeepLinkView) => ({
  links_take: vi.fn(() => nothing).mockReturnValueOnce({ ...nothing, link }),
});

test("nothing is shown where no link waits", async () => {
  const { sent } = show(gate);
  await waitFor(() => expect(sent("links_take")).toHaveLength(1));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test("a link that comes later is shown, and none takes the place of one that is looked at", async () => {
  const take = vi.fn(() => nothing);
  const { user } = show(gate, { links_take: take });
  await waitFor(() => expect(take).toHaveBeenCalledTimes(1));
  take.mockReturnValue({ ...nothing, link: connect });
  await act(() => emit("link-waits"));
  expect(await screen.findByRole("dialog", { name: "A link asks to connect clients" })).toBeVisible();
  const asked = take.mock.calls.length;
  take.mockReturnValue({ ...nothing, link: provider });
  await act(() => emit("link-waits"));
  expect(take).toHaveBeenCalledTimes(asked);
  await user.click(await screen.findByRole("button", { name: "Cancel" }));
  expect(await screen.findByRole("dialog", { name: "A link asks to add a provider" })).toBeVisible();
});

describe("a link that connects", () => {
  test("says where it leads and what it writes, and leaving is the default", async () => {
    const { user, sent } = show(gate, waits(connect));
    const dialog = await screen.findByRole("dialog", { name: "A link asks to connect clients" });
    for (const text of ["Acme", "not the one in use", "Acme tools", "mcp.acme.dev", "tools"]) {
      expect(within(dialog).getAllByText(text)[0]).toBeVisible();
    }
    await within(dialog).findByRole("button", { name: "Write 1 file" });
    expect(within(dialog).getAllByText("~/.cursor/mcp.json")[0]).toBeVisible();
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Cancel" })).toHaveFocus());
    await user.keyboard("{Enter}");
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    expect(sent("connections_apply")).toEqual([]);
  });

  test("writes only what was shown, in its own workspace, and proves it", async () => {
    const { user, sent } = show(gate, waits(connect));
    await user.click(await screen.findByRole("button", { name: "Write 1 file" }));
    expect(await screen.findByRole("list", { name: "Proof" })).toBeVisible();
    expect(sent("connections_plan").at(-1)).toMatchObject({
      clients: ["cursor"],
      workspace: "acme",
      server: "acme/tools",
      name: "tools",
      replace: false,
    });
    expect(sent("workspaces_use")).toEqual([]);
    await user.click(screen.getByRole("button", { name: "Done" }));
  });

  test("lets the person choose where it names no client", async () => {
    const open = { ...connect, connect: connect.connect === null ? null : { ...connect.connect, clients: [] } };
    const { user, sent } = show(gate, waits(open));
    expect(await screen.findByText("Into which clients? The link names none.")).toBeVisible();
    expect(sent("connections_plan")).toEqual([]);
    await user.click(await screen.findByRole("checkbox", { name: "VS Code" }));
    await screen.findByRole("button", { name: "Write 1 file" });
    expect(sent("connections_plan").at(-1)).toMatchObject({ clients: ["vscode"] });
  });

  test("says why it cannot be followed, and offers nothing to write", async () => {
    const problem = { ...refused, code: "session.none", title: "Not signed in", detail: "No workspace is signed in." };
    show(gate, waits({ ...connect, problem }));
    expect(await screen.findByRole("alert")).toHaveTextContent("No workspace is signed in.");
    expect(screen.queryByRole("button", { name: /^Write/ })).not.toBeInTheDocument();
  });
});

describe("a link that adds a provider", () => {
  test("shows the whole file and the host as it is", async () => {
    const { sent } = show(gate, waits(provider));
    const dialog = await screen.findByRole("dialog", { name: "A link asks to add a provider" });
    expect(within(dialog).getByText("xn--cme-5cd.dev")).toBeVisible();
    expect(within(dialog).getByText("xn--cme-5cd.dev is written with letters beyond a-z.")).toBeVisible();
    expect(within(dialog).getByText("authorization: Bearer …")).toBeVisible();
    expect(within(dialog).getByText('name = "Acme"')).toBeVisible();
    expect(within(dialog).getByRole("button", { name: "Cancel" })).toHaveFocus();
    expect(sent("providers_add_custom")).toEqual([]);
  });

  test("adds it when told to, and a second try does not write it again", async () => {
    const enter = vi
      .fn()
      .mockRejectedValueOnce({ ...refused, code: "store.busy" })
      .mockResolvedValue({ name: "Acme" });
    const { user, sent } = show(gate, { ...waits(provider), workspaces_add: enter });
    const write = await screen.findByRole("button", { name: "Write file and add" });
    await user.click(write);
    expect(await screen.findByRole("alert")).toBeVisible();
    await user.click(write);
    expect(await screen.findByText(/Added Acme\. Paste its key/)).toBeVisible();
    expect(sent("providers_add_custom")).toEqual([
      { name: "Acme", url: "https://xn--cme-5cd.dev/mcp", header: "authorization", scheme: "Bearer" },
    ]);
  });
});

test("a refused link says why, and there is only a way out", async () => {
  const { user } = show(gate, { links_take: () => ({ ...nothing, refused }) });
  const dialog = await screen.findByRole("dialog", { name: "A link was refused" });
  expect(within(dialog).getByRole("alert")).toHaveTextContent("looks like a key");
  // The cross in the corner, the way out, and the details to be copied.
  expect(within(dialog).getAllByRole("button")).toHaveLength(3);
  await user.click(within(dialog).getAllByRole("button", { name: "Close" })[1] ?? dialog);
});

test("a window without an application shows no link", async () => {
  const { sent } = show(gate, { links_take: refuse(refused) });
  await waitFor(() => expect(sent("links_take")).toHaveLength(1));
  expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  show(gate, waits(provider), { colours });
  await screen.findByRole("dialog");
  await expectAccessible();
});
