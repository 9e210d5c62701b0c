import { screen, waitFor } from "@testing-library/react";
import { describe, expect, test, vi } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { never } from "../../../test/backend";
import { ailingChecks, fineChecks, status, unreachable } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import { SettingsPage } from "./SettingsPage";

const page = <SettingsPage status={status} onTheme={() => {}} onFirstSteps={() => {}} />;

test("a theme is shown at once and stored", async () => {
  const onTheme = vi.fn();
  const { user, sent } = show(<SettingsPage status={status} onTheme={onTheme} onFirstSteps={() => {}} />);
  await user.click(await screen.findByRole("radio", { name: "Dark" }));
  expect(onTheme).toHaveBeenCalledWith("dark");
  await waitFor(() =>
    expect(sent("settings_set")).toEqual([{ theme: "dark", language: "system", keepBackupsDays: 30 }]),
  );
});

test("places are copied as they are shown", async () => {
  const { user, copied } = show(page);
  await user.click(screen.getByRole("button", { name: "Copy data path" }));
  await user.click(screen.getByRole("button", { name: "Copy stable path" }));
  expect(copied).toEqual([status.dataDir, status.stableBinary]);
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
