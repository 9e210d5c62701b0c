import { screen, waitFor, within } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { catalogue } from "../../../test/catalogue.generated";
import { local, provider } from "../../../test/providers";
import { show } from "../../../test/render";
import { KeysPage } from "./KeysPage";
import { templatesOf } from "./templates";

const page = <KeysPage signedIn onSignIn={() => {}} />;
const both = { scopes: true, mcp: true };

test("templates come from the catalogue of the product", () => {
  const [readOnly, reporting, full] = templatesOf(local, both);
  expect(readOnly?.limits).toMatchObject({ scopes: ["view:keys", "call:tools"], preset: "read-only", readOnly: true });
  expect(reporting?.limits).toMatchObject({ scopes: ["view:keys"], preset: "reporting", readOnly: true });
  expect(full?.limits).toMatchObject({
    scopes: ["view:keys", "call:tools", "write:tools"],
    preset: "",
    readOnly: false,
  });
});

test("templates are there only where there is something to choose", () => {
  const named = (id: string) => {
    const found = catalogue.find((each) => each.id === id);
    if (found === undefined) throw new Error(`no ${id}`);
    return templatesOf(found, both).map(({ name }) => name);
  };
  expect(named("ocore")).toEqual(["readOnly", "full"]);
  expect(named("atlas")).toEqual([]);
  expect(named("better-auth")).toEqual([]);
  expect(templatesOf(provider({ id: "x", name: "X", scopes: [{ id: "posts:read", about: "" }] }), both)).toEqual([]);
});

test("a key starts from a template, which can be changed, and tells until when it is good", async () => {
  const { user, sent } = show(page);
  await user.click(await screen.findByRole("button", { name: "New key" }));
  const dialog = await screen.findByRole("dialog", { name: "New key" });
  await user.type(within(dialog).getByRole("textbox", { name: "Name" }), "Reports");
  const template = within(dialog).getByRole("button", { name: "Read only" });
  await user.click(template);
  expect(template).toHaveAttribute("aria-pressed", "true");
  expect(within(dialog).getByRole("checkbox", { name: "write:tools" })).not.toBeChecked();
  await user.click(within(dialog).getByRole("checkbox", { name: "call:tools" }));
  expect(template).toHaveAttribute("aria-pressed", "false");
  const until = new Date(Date.now() + 90 * 86_400_000);
  const day = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(until);
  expect(within(dialog).getByText(`Good until ${day}.`)).toBeVisible();
  await user.click(within(dialog).getByRole("radio", { name: "Never" }));
  expect(within(dialog).getByText("Good until it is revoked.")).toBeVisible();
  await user.click(within(dialog).getByRole("button", { name: "Create key" }));
  await waitFor(() => expect(sent("keys_create")).toHaveLength(1));
  expect(sent("keys_create")[0]).toMatchObject({
    scopes: ["view:keys"],
    preset: "read-only",
    readOnly: true,
    expiresInDays: null,
  });
});

test.each(["light", "dark"] as const)(
  "a new key is stowed and copied when one wants, accessibly in %s",
  async (colours) => {
    const { user, sent } = show(page, { keys_copy: () => ({ name: "Reports", clearsAfterS: 30 }) }, { colours });
    await user.click(await screen.findByRole("button", { name: "New key" }));
    await user.type(await screen.findByRole("textbox", { name: "Name" }), "Reports{Enter}");
    const stowed = await screen.findByRole("dialog", { name: "Key created" });
    expect(within(stowed).getByText("Created Reports. Its secret is stowed.")).toBeVisible();
    expect(stowed).toHaveTextContent("ksl_••••••••new1");
    await expectAccessible();
    expect(sent("keys_copy")).toEqual([]);
    await user.click(within(stowed).getByRole("button", { name: "Copy key" }));
    expect(await screen.findByText("Copied Reports. Clears in 30 s.")).toBeVisible();
    expect(sent("keys_copy")).toEqual([{ key: "k_new1" }]);
    await user.click(within(stowed).getByRole("button", { name: "Done" }));
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
  },
);
