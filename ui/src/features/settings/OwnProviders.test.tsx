import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { unreachable } from "../../../test/fixtures";
import { provider, providers } from "../../../test/providers";
import { refuse, show } from "../../../test/render";
import { OwnProviders } from "./OwnProviders";

const mine = provider({ id: "tracker", name: "Tracker", about: "Issues.", ownFile: "tracker.toml" });

test("says where files of one's own are, which are used, and why others are not", async () => {
  show(<OwnProviders />, {
    providers_list: () => [...providers, mine],
    providers_own: () => ({
      directory: "~/.config/keystow/providers",
      broken: [{ file: "old.toml", reason: "line 3: `scheem` is not known" }],
    }),
  });
  const files = await screen.findByRole("list", { name: "Your provider files" });
  await waitFor(() => expect(within(files).getAllByRole("listitem")).toHaveLength(2));
  expect(files).toHaveTextContent("tracker.toml");
  expect(files).toHaveTextContent("line 3: `scheem` is not known");
  await expectAccessible();
});

test("adds a server of one's own", async () => {
  const { user, sent } = show(<OwnProviders />);
  await user.click(await screen.findByRole("button", { name: "Add a server…" }));
  const dialog = await screen.findByRole("dialog", { name: "Add a server" });
  await user.click(within(dialog).getByRole("button", { name: "Add the server" }));
  expect(within(dialog).getByText("Give the server a name.")).toBeVisible();
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Tracker");
  await user.type(within(dialog).getByRole("textbox", { name: "MCP address" }), "https://mcp.acme.dev/mcp{Enter}");
  expect(await screen.findByText(/Added Aidelly\. Paste its key/)).toBeVisible();
  expect(sent("providers_add_custom")).toHaveLength(1);
});

test("says why the files cannot be told", async () => {
  show(<OwnProviders />, { providers_own: refuse(unreachable) });
  expect(await screen.findByRole("alert")).toHaveTextContent("The workspace cannot be reached");
});
