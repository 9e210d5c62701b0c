import { screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { never } from "../../../test/backend";
import { ailingChecks, fineChecks, status, unreachable } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import { places, settings } from "../../../test/settings";
import { SettingsPage } from "./SettingsPage";

const page = <SettingsPage status={status} onTheme={() => {}} onFirstSteps={() => {}} />;

test("a theme is shown at once and stored", async () => {
  const onTheme = vi.fn();
  const { user, sent } = show(<SettingsPage status={status} onTheme={onTheme} onFirstSteps={() => {}} />);
  await user.click(await screen.findByRole("radio", { name: "Dark" }));
  expect(onTheme).toHaveBeenCalledWith("dark");
  await waitFor(() => expect(sent("settings_set")).toEqual([{ ...settings, theme: "dark" }]));
});

test.each([
  ["Copied keys", "2 minutes", { clipboardS: 120 }],
  ["Undo for", "90 days", { keepBackupsDays: 90 }],
] as const)("%s can be set to %s", async (name, choice, stored) => {
  const { user, sent } = show(page);
  await user.selectOptions(await screen.findByRole("combobox", { name }), choice);
  await waitFor(() => expect(sent("settings_set")).toEqual([{ ...settings, ...stored }]));
});

test("notifications are turned down to what is important", async () => {
  const { user, sent } = show(page);
  await user.click(await screen.findByRole("radio", { name: "Important" }));
  await waitFor(() => expect(sent("settings_set")).toEqual([{ ...settings, notifications: "important" }]));
});

describe("places", () => {
  test("are told with their size, copied and opened", async () => {
    const { user, sent, copied } = show(page);
    const section = await screen.findByRole("region", { name: "Where things are" });
    expect(await within(section).findByText("14 MB")).toBeVisible();
    expect(within(section).getByText("82 kB")).toBeVisible();
    expect(within(section).getByText("512 B")).toBeVisible();
    await user.click(within(section).getByRole("button", { name: "Copy path: Data" }));
    expect(copied).toEqual(["~/.local/share/keystow/keystow.db"]);
    await user.click(within(section).getByRole("button", { name: "Open folder: Logs" }));
    expect(sent("places_open")).toEqual([{ place: "logs" }]);
    expect(within(section).getByRole("button", { name: "Open folder: Provider files" })).toBeDisabled();
  });

  test("say whether the stable path is right", async () => {
    const check = { id: "stable_path", title: "Stable path", state: "warning" as const, detail: "Old.", hint: null };
    show(page, { doctor_run: () => [check], places_list: () => places });
    const section = await screen.findByRole("region", { name: "Where things are" });
    expect(await within(section).findByText("look at it")).toBeVisible();
  });
});

describe("health", () => {
  test("keeps its place while it is looked at", () => {
    show(page, { doctor_run: never });
    expect(screen.getByRole("button", { name: "Checking…" })).toBeDisabled();
  });

  test("offers no repair when all is fine", async () => {
    show(page, { doctor_run: () => fineChecks });
    expect(await screen.findByText("All 4 checks are fine.")).toBeVisible();
    expect(screen.queryByRole("button", { name: "Repair" })).not.toBeInTheDocument();
  });

  test("repairs what needs it and shows how it came out", async () => {
    const { user, sent } = show(page, { doctor_run: ({ fix }) => (fix ? fineChecks : ailingChecks) });
    expect(await screen.findByText("2 checks need a look.")).toBeVisible();
    await user.click(screen.getByRole("button", { name: "Repair" }));
    expect(await screen.findByText("All 4 checks are fine.")).toBeVisible();
    expect(sent("doctor_run")).toEqual([{ fix: false }, { fix: true }]);
  });

  test("says why it could not look", async () => {
    show(page, { doctor_run: refuse(unreachable) });
    expect(await screen.findByRole("alert")).toHaveTextContent("The workspace cannot be reached");
  });
});

test.each(["light", "dark"] as const)("is accessible in %s", async (colours) => {
  show(page, {}, { colours });
  await screen.findByText("2 checks need a look.");
  await expectAccessible();
});
