import { act, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { never } from "../../../test/backend";
import { key, keys, locked, unreachable } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import type { KeyPageView } from "../../ipc";
import { send } from "../../shared/errands";
import { KeysPage } from "./KeysPage";

const page = <KeysPage signedIn onSignIn={() => {}} />;

function row(name: string): HTMLElement {
  const found = screen.getAllByRole("row").find((each) => within(each).queryByRole("button", { name }));
  if (found === undefined) throw new Error(`no row of ${name}`);
  return found;
}

/** One of 500 pages. */
function longPage(number: number): KeyPageView {
  const first = (number - 1) * 200;
  return {
    keys: Array.from({ length: 200 }, (_, index) =>
      key({ id: `k_${first + index}`, name: `Service ${first + index}` }),
    ),
    total: 100_000,
    page: number,
    limit: 200,
    budget: null,
    stale: null,
  };
}

describe("the list of keys", () => {
  test("shows its frame while keys are on their way", () => {
    show(page, { keys_list: never });
    expect(screen.getByRole("heading", { name: "Keys" })).toBeVisible();
    expect(screen.getByRole("searchbox")).toBeEnabled();
    expect(screen.queryByRole("grid")).not.toBeInTheDocument();
  });

  test("stands in sections by state, with what each key may do, who uses it and until when", async () => {
    show(page);
    expect(await screen.findByText("Enabled")).toBeVisible();
    expect(screen.getByText("Paused")).toBeVisible();
    expect(screen.getByText("Expired")).toBeVisible();
    const cursor = row("Cursor on mira");
    expect(cursor).toHaveTextContent("ksl_••••••••3f9c");
    expect(cursor).toHaveTextContent("view:keys+2");
    expect(cursor).toHaveTextContent("3 min ago");
    expect(cursor).toHaveTextContent("in 81 d");
    expect(row("Nightly report")).toHaveTextContent("reporting");
  });

  test("says what is not on this computer and offers no copy of it", async () => {
    show(page);
    await screen.findByText("Enabled");
    const old = row("Old laptop");
    expect(old).toHaveTextContent("not on this computer");
    expect(within(old).queryByRole("button", { name: /Copy key/ })).not.toBeInTheDocument();
  });

  test("says what to do next when there is none", async () => {
    show(page, { keys_list: () => ({ keys: [], total: 0, page: 1, limit: 200, budget: null, stale: null }) });
    expect(await screen.findByText("No key yet")).toBeVisible();
    await waitFor(() => expect(screen.getAllByRole("button", { name: "New key" })).toHaveLength(2));
  });

  test("shows why it cannot be read and tries again", async () => {
    const list = vi
      .fn()
      .mockRejectedValueOnce(unreachable)
      .mockResolvedValue({ keys, total: 7, page: 1, limit: 200, budget: null, stale: null });
    const { user } = show(page, { keys_list: list });
    expect(await screen.findByText("The workspace cannot be reached")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Try again" }));
    expect(await screen.findByText("Enabled")).toBeVisible();
  });

  test("invites to sign in and asks nothing while signed out", async () => {
    const onSignIn = vi.fn();
    const { user, sent } = show(<KeysPage signedIn={false} onSignIn={onSignIn} />);
    await user.click(screen.getByRole("button", { name: "Sign in" }));
    expect(onSignIn).toHaveBeenCalledOnce();
    expect(sent("keys_list")).toEqual([]);
  });

  test("searches at the provider as one types, and clears again", async () => {
    const { user, sent } = show(page);
    await screen.findByText("Enabled");
    act(() => send({ does: "search-keys" }));
    // At once: on a busy computer keys that are typed one by one are far enough apart to be searched for one by one.
    await user.paste("zzz");
    expect(await screen.findByText("No key matches")).toBeVisible();
    expect(sent("keys_list")).toEqual([
      { search: null, page: 1, limit: 200, everybody: false, order: null },
      { search: "zzz", page: 1, limit: 200, everybody: false, order: null },
    ]);
    await user.click(screen.getByRole("button", { name: "Clear filter" }));
    expect(await screen.findByText("Enabled")).toBeVisible();
  });

  test("keeps only what is in sight in the document, and fetches only the pages that are", async () => {
    const { sent, container } = show(page, { keys_list: ({ page: wanted }) => longPage(wanted ?? 1) });
    expect(await screen.findByText("100,000")).toBeVisible();
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
    expect(sent("keys_list")).toHaveLength(1);
    const scroller = container.querySelector(".scroller");
    if (scroller === null) throw new Error("the list stands in something that scrolls");
    scroller.scrollTop = 60_000 * 40;
    fireEvent.scroll(scroller);
    expect(await screen.findByRole("button", { name: "Service 60000" })).toBeInTheDocument();
    expect(sent("keys_list").at(-1)).toEqual({ search: null, page: 301, limit: 200, everybody: false, order: null });
    expect(sent("keys_list").length).toBeLessThan(5);
    expect(screen.getAllByRole("row").length).toBeLessThan(60);
  });

  test("says when a further page cannot be read, and fetches it when told to", async () => {
    const { user, container } = show(page, {
      keys_list: vi
        .fn()
        .mockResolvedValueOnce(longPage(1))
        .mockRejectedValueOnce(unreachable)
        .mockImplementation(({ page: wanted }) => Promise.resolve(longPage(wanted))),
    });
    await screen.findByText("100,000");
    const scroller = container.querySelector(".scroller");
    if (scroller === null) throw new Error("the list stands in something that scrolls");
    scroller.scrollTop = 20_100 * 40;
    fireEvent.scroll(scroller);
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByRole("button", { name: "Service 20100" })).toBeInTheDocument();
    expect(screen.queryByRole("alert")).not.toBeInTheDocument();
  });
});

describe("a key", () => {
  test("is copied natively: only its id goes out, and no secret comes in", async () => {
    const { user, sent, copied } = show(page);
    await user.click(await screen.findByRole("button", { name: "Copy key Cursor on mira" }));
    expect(await screen.findByText("Copied Cursor on mira. Clears in 30 s.")).toBeVisible();
    expect(sent("keys_copy")).toEqual([{ key: "k_3f9c" }]);
    expect(copied).toEqual([]);
  });

  test("says why it was not copied", async () => {
    const { user } = show(page, { keys_copy: refuse(locked) });
    await user.click(await screen.findByRole("button", { name: "Copy key Cursor on mira" }));
    expect(await screen.findByText(/The keychain is locked\./)).toBeVisible();
  });

  test("is renamed in place with Enter, and left as it was with Escape", async () => {
    const { user, sent } = show(page);
    const rename = async () => {
      await user.click(await screen.findByRole("button", { name: "Actions for Cursor on mira" }));
      await user.click(await screen.findByRole("menuitem", { name: "Rename" }));
      await waitFor(() => expect(screen.getByRole("textbox", { name: "New name for Cursor on mira" })).toHaveFocus());
    };
    await rename();
    await user.keyboard("Editor{Escape}");
    expect(await screen.findByRole("button", { name: "Cursor on mira" })).toBeVisible();
    expect(sent("keys_rename")).toEqual([]);
    await rename();
    await user.keyboard("Editor{Enter}");
    await waitFor(() => expect(sent("keys_rename")).toEqual([{ key: "k_3f9c", name: "Editor" }]));
  });

  test("is paused from its menu, and who is refused is said", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "Actions for Cursor on mira" }));
    await user.click(await screen.findByRole("menuitem", { name: "Pause" }));
    expect(await screen.findByText(/Cursor is refused until you resume it/)).toBeVisible();
    expect(sent("keys_pause")).toEqual([{ key: "k_3f9c" }]);
  });

  test("is revoked only after its users and its last use were named; keeping it is the default", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "Actions for Claude Desktop on mira" }));
    await user.click(await screen.findByRole("menuitem", { name: "Revoke…" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("Claude Desktop uses this key. It was last used 2 h ago.");
    expect(dialog).toHaveTextContent("Used in the last 24 hours");
    await waitFor(() => expect(within(dialog).getByRole("button", { name: "Keep key" })).toHaveFocus());
    expect(sent("keys_delete")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Revoke key" }));
    expect(await screen.findByText("Revoked Claude Desktop on mira.")).toBeVisible();
    expect(sent("keys_delete")).toEqual([{ key: "k_71aa" }]);
  });
});

describe("a new key", () => {
  test("is asked for by keyboard alone", async () => {
    const { user, sent } = show(page);
    await user.click(await screen.findByRole("button", { name: "New key" }));
    const name = await screen.findByRole("textbox", { name: "Name" });
    await waitFor(() => expect(name).toHaveFocus());
    await user.keyboard("{Enter}");
    expect(await screen.findByText("Give the key a name.")).toBeVisible();
    await user.type(name, "Reports");
    await user.click(screen.getByRole("radio", { name: "read-only" }));
    await user.click(screen.getByRole("checkbox", { name: "call:tools" }));
    await user.click(screen.getByRole("checkbox", { name: "Read only" }));
    await user.click(screen.getByRole("radio", { name: "30 days" }));
    await user.click(name);
    await user.keyboard("{Enter}");
    expect(await screen.findByText("Created Reports. Its secret is stowed.")).toBeVisible();
    expect(sent("keys_create")).toEqual([
      {
        name: "Reports",
        scopes: ["call:tools"],
        expiresInDays: 30,
        readOnly: true,
        preset: "read-only",
        tools: [],
        mcpPermissions: [],
        projects: [],
        instances: [],
      },
    ]);
  });

  test("stays in its dialog when it could not be made", async () => {
    const { user } = show(page, { keys_create: refuse(locked) });
    await user.click(await screen.findByRole("button", { name: "New key" }));
    await user.type(await screen.findByRole("textbox", { name: "Name" }), "Reports{Enter}");
    expect(await screen.findByText("The keychain is locked")).toBeVisible();
    expect(screen.getByRole("textbox", { name: "Name" })).toHaveValue("Reports");
  });
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  const { user } = show(page, {}, { colours });
  await screen.findByText("Enabled");
  await expectAccessible();
  await user.click(screen.getByRole("button", { name: "New key" }));
  await screen.findByRole("dialog");
  await expectAccessible();
});
