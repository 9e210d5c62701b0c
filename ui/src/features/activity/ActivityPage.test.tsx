import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { never } from "../../../test/backend";
import { activity, ago, unreachable } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import { toast } from "../../shared/toast";
import { ActivityPage } from "./ActivityPage";

const page = <ActivityPage />;

/** A request's time, which is a number where one was chosen. */
function timed(request: unknown): { since: number } {
  if (typeof request === "object" && request !== null && "since" in request && typeof request.since === "number") {
    return { since: request.since };
  }
  throw new Error("no time was asked for");
}

async function openChanges(user: { click: (element: Element) => Promise<void> }) {
  await user.click(await screen.findByRole("tab", { name: "Changes to files" }));
}

/** When the latest things happened: some minutes ago, which is yesterday when the day has just begun. */
const LATEST = /^(Today|Yesterday)$/;

test("arrows go from view to view, around the ends", async () => {
  const { user } = show(page);
  await user.click(await screen.findByRole("tab", { name: "Trail" }));
  const open = (name: string) => {
    expect(screen.getByRole("tab", { name })).toHaveFocus();
    expect(screen.getByRole("tab", { name, selected: true })).toBeVisible();
    expect(screen.getByRole("tabpanel", { name })).toBeVisible();
  };
  for (const [key, name] of [
    ["{ArrowLeft}", "Changes to files"],
    ["{ArrowRight}", "Trail"],
    ["{End}", "Changes to files"],
    ["{Home}", "Trail"],
    ["{ArrowDown}", "Trail"],
  ] as const) {
    await user.keyboard(key);
    open(name);
  }
  await user.tab();
  expect(screen.getByRole("searchbox", { name: "Find a name or a word…" })).toHaveFocus();
});

describe("the trail", () => {
  test("stands by day, newest first", async () => {
    show(page);
    const [today = document.body] = await screen.findAllByRole("region", { name: LATEST });
    expect(within(today).getAllByRole("listitem")[0]).toHaveTextContent("Connected Cursor, VS Code.");
    expect(screen.getAllByRole("region").length).toBeGreaterThan(1);
  });

  test("keeps its place while it is on its way", () => {
    show(page, { activity_list: never });
    expect(screen.getByRole("tab", { name: "Trail" })).toBeVisible();
    expect(screen.getByRole("region", { name: "Narrow the trail" })).toBeVisible();
    expect(screen.getByRole("button", { name: "Export: Trail" })).toBeDisabled();
  });

  test("says what will stand here when nothing does", async () => {
    show(page, { activity_list: () => [] });
    expect(await screen.findByText("Nothing happened yet")).toBeVisible();
  });

  test("says why it cannot be read", async () => {
    show(page, { activity_list: refuse(unreachable) });
    expect(await screen.findByRole("alert")).toBeVisible();
    expect(screen.getByRole("region", { name: "Narrow the trail" })).toBeVisible();
  });

  test("goes on where the last part ended", async () => {
    const { user, sent } = show(page, {
      activity_list: ({ before }) =>
        before === null
          ? Array.from({ length: 100 }, (_, index) => ({
              seq: 200 - index,
              at: ago(60_000),
              kind: "key.copied",
              text: `Copied key ${200 - index}.`,
            }))
          : activity,
    });
    await user.click(await screen.findByRole("button", { name: "Show older" }));
    expect(await screen.findByText("Signed in to Local workspace.")).toBeVisible();
    expect(sent("activity_list").at(-1)).toEqual({
      before: 101,
      limit: 100,
      kinds: [],
      about: [],
      since: null,
      until: null,
    });
    expect(screen.queryByRole("button", { name: "Show older" })).not.toBeInTheDocument();
  });
});

describe("the trail, narrowed", () => {
  test("by kind, workspace, client, time and text, all at once", async () => {
    const { user, sent } = show(page);
    await user.selectOptions(await screen.findByRole("combobox", { name: "Kind" }), "Keys");
    await user.selectOptions(screen.getByRole("combobox", { name: "Workspace" }), "Local workspace");
    await user.selectOptions(screen.getByRole("combobox", { name: "Client" }), "Cursor");
    await user.selectOptions(screen.getByRole("combobox", { name: "Time" }), "Last 7 days");
    await user.type(screen.getByRole("searchbox"), " laptop ");
    await waitFor(() =>
      expect(sent("activity_list").at(-1)).toMatchObject({
        kinds: ["key"],
        about: ["Local workspace", "Cursor", "laptop"],
        before: null,
      }),
    );
    const { since } = timed(sent("activity_list").at(-1));
    expect(Date.now() - since).toBeGreaterThanOrEqual(7 * 86_400_000);
    await user.click(screen.getByRole("button", { name: "Show everything" }));
    // What was shown before is still known: only the fields are empty again.
    for (const name of ["Kind", "Workspace", "Client"]) {
      expect(screen.getByRole("combobox", { name })).toHaveValue("");
    }
    expect(screen.getByRole("searchbox")).toHaveValue("");
    expect(screen.queryByRole("button", { name: "Show everything" })).not.toBeInTheDocument();
  });

  test("says that nothing fits, and leads back", async () => {
    const { user } = show(page, { activity_list: ({ about }) => (about.length === 0 ? activity : []) });
    await user.type(await screen.findByRole("searchbox"), "nonesuch");
    expect(await screen.findByText("Nothing like that happened")).toBeVisible();
    expect(screen.getByRole("button", { name: "Export: Trail" })).toBeDisabled();
    await user.click(screen.getAllByRole("button", { name: "Show everything" })[0] ?? document.body);
    expect((await screen.findAllByRole("region", { name: LATEST }))[0]).toBeVisible();
  });

  test("is written to a file as it is narrowed, and the path can be copied", async () => {
    const { user, sent, copied } = show(page);
    await user.selectOptions(await screen.findByRole("combobox", { name: "Kind" }), "Keys");
    await waitFor(() => expect(sent("activity_list").at(-1)).toMatchObject({ kinds: ["key"] }));
    await user.click(screen.getByRole("button", { name: "Export: Trail" }));
    expect(await screen.findByText("Wrote 12 lines to ~/Downloads/keystow-activity.jsonl.")).toBeVisible();
    expect(sent("activity_export")).toEqual([
      { before: null, limit: null, kinds: ["key"], about: [], since: null, until: null },
    ]);
    await user.click(screen.getByRole("button", { name: "Copy path" }));
    expect(copied).toEqual(["~/Downloads/keystow-activity.jsonl"]);
  });
});

describe("changes to files", () => {
  test("name the files, and what can be undone", async () => {
    const { user } = show(page);
    await openChanges(user);
    expect(await screen.findByText("Connected Cursor, VS Code")).toBeVisible();
    expect(screen.getAllByRole("button", { name: /^Undo:/ })).toHaveLength(1);
    expect(screen.getByText("undone")).toBeVisible();
    expect(screen.getByText("cannot be undone")).toBeVisible();
  });

  test("are undone after a look at which files that touches", async () => {
    const { user, sent } = show(page);
    await openChanges(user);
    await user.click(await screen.findByRole("button", { name: "Undo: Connected Cursor, VS Code" }));
    const dialog = await screen.findByRole("dialog");
    expect(dialog).toHaveTextContent("~/.cursor/mcp.json");
    expect(sent("changes_undo")).toEqual([]);
    await user.click(within(dialog).getByRole("button", { name: "Undo change" }));
    expect(await screen.findByText("Undone: Connected Cursor, VS Code.")).toBeVisible();
    expect(sent("changes_undo")).toEqual([{ change: "ch_3" }]);
    await waitFor(() => expect(sent("changes_list").length).toBeGreaterThan(1));
  });

  test("are not offered to be undone any more by a toast that still stands", async () => {
    const { user } = show(page);
    const action = { label: "Undo", run: () => undefined };
    act(() => {
      toast({ text: "Connected two.", about: ["ch_2", "ch_3"], action });
      toast({ text: "Connected another.", about: ["ch_4"], action });
    });
    expect(await screen.findByText("Connected two.")).toBeVisible();
    await openChanges(user);
    await user.click(await screen.findByRole("button", { name: "Undo: Connected Cursor, VS Code" }));
    await user.click(await screen.findByRole("button", { name: "Undo change" }));
    await waitFor(() => expect(screen.queryByText("Connected two.")).toBeNull());
    expect(screen.getByText("Connected another.")).toBeVisible();
  });

  test("say that nothing was written when a file changed since", async () => {
    const { user } = show(page, {
      changes_undo: refuse({
        code: "undo.changed_on_disk",
        title: "The file changed since",
        detail: "~/.cursor/mcp.json is not as Keystow left it.",
        hint: "Disconnect instead: it takes out our entry only.",
        retry: false,
      }),
    });
    await openChanges(user);
    await user.click(await screen.findByRole("button", { name: /^Undo:/ }));
    await user.click(await screen.findByRole("button", { name: "Undo change" }));
    expect(await screen.findByRole("alert")).toHaveTextContent("Nothing was written.");
  });

  test("say what to expect when there is none, and why they cannot be read", async () => {
    const list = vi.fn().mockRejectedValueOnce(unreachable).mockResolvedValue([]);
    const { user } = show(page, { changes_list: list });
    await openChanges(user);
    await user.click(await screen.findByRole("button", { name: "Try again" }));
    expect(await screen.findByText("No file was changed yet")).toBeVisible();
  });
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  const { user } = show(page, {}, { colours });
  await screen.findAllByRole("region", { name: LATEST });
  await expectAccessible();
  await openChanges(user);
  await screen.findByText("Connected Cursor, VS Code");
  await expectAccessible();
});
