import { screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { expectAccessible } from "../../../test/axe";
import { unreachable } from "../../../test/fixtures";
import { refuse, show } from "../../../test/render";
import { Desktop } from "./Desktop";

test("the program starts with the computer and stays beside the clock when that is wanted", async () => {
  let desktop = { launchAtLogin: false, stayInTray: false };
  const { user, sent } = show(<Desktop />, {
    desktop_get: () => desktop,
    desktop_set: (wanted) => {
      desktop = wanted;
      return wanted;
    },
  });
  await user.click(await screen.findByRole("switch", { name: "Start at login" }));
  await waitFor(() => expect(screen.getByRole("switch", { name: "Start at login" })).toBeChecked());
  await user.click(screen.getByRole("switch", { name: "Keep running in the tray" }));
  await waitFor(() =>
    expect(sent("desktop_set")).toEqual([
      { launchAtLogin: true, stayInTray: false },
      { launchAtLogin: true, stayInTray: true },
    ]),
  );
  await expectAccessible();
});

test("says why that cannot be told, and why it was not changed", async () => {
  const { user } = show(<Desktop />, { desktop_set: refuse(unreachable) });
  await user.click(await screen.findByRole("switch", { name: "Start at login" }));
  expect(await screen.findByRole("alert")).toHaveTextContent("The workspace cannot be reached");
  expect(screen.getByRole("switch", { name: "Start at login" })).not.toBeChecked();
});
