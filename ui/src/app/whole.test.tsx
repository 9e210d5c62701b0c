import { screen, waitFor, within } from "@testing-library/react";
import type { UserEvent } from "@testing-library/user-event";
import { afterEach, describe, expect, test } from "vitest";
import { expectAccessible } from "../../test/axe";
import { freshClients, status, workspace } from "../../test/fixtures";
import { show } from "../../test/render";
import { settings } from "../../test/settings";
import { speak } from "../shared/language";
import { App } from "./App";

/** More stops than any page has. */
const STOPS = 80;

/** Presses Tab until the focus is on that element: what cannot be reached fails here. */
async function tabTo(user: UserEvent, role: string, name: string | RegExp): Promise<HTMLElement> {
  const wanted = await screen.findByRole(role, { name });
  for (let stop = 0; stop < STOPS && document.activeElement !== wanted; stop += 1) await user.tab();
  expect(wanted).toHaveFocus();
  return wanted;
}

test("the keyboard is enough: first run, a key by hand, connect, and back to the keys", async () => {
  let signedIn = false;
  const { user, sent } = show(
    <App />,
    {
      app_status: () => (signedIn ? status : { ...status, firstRun: true, workspace: null }),
      clients_list: () => freshClients,
      sessions_sign_in: () => {
        signedIn = true;
        return { state: "done", attempt: null, url: null, device: null, workspace };
      },
    },
    { whole: true },
  );
  await tabTo(user, "button", "Try with a local workspace");
  await user.keyboard("{Enter}");
  await tabTo(user, "button", "Continue");
  await user.keyboard("{Enter}");
  await tabTo(user, "button", "Preview 3 clients");
  await user.keyboard("{Enter}");
  await tabTo(user, "button", "Write 3 files");
  await user.keyboard("{Enter}");
  const proof = await screen.findByRole("list", { name: "Proof" });
  await waitFor(() => expect(within(proof).getAllByText("6 tools")).toHaveLength(3));
  await tabTo(user, "button", "Open Keystow");
  await user.keyboard("{Enter}");

  await waitFor(() => expect(screen.getByRole("heading", { name: "Keys", level: 1 })).toHaveFocus());
  await user.keyboard("n");
  const dialog = await screen.findByRole("dialog", { name: "New key" });
  await waitFor(() => expect(within(dialog).getByRole("textbox", { name: "Name" })).toHaveFocus());
  await user.keyboard("Reports{Enter}");
  await waitFor(() => expect(sent("keys_create")).toEqual([expect.objectContaining({ name: "Reports" })]));
  await tabTo(user, "button", "Done");
  await user.keyboard("{Enter}");
  await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());

  await user.keyboard("gc");
  await waitFor(() => expect(screen.getByRole("heading", { name: "Connect", level: 1 })).toHaveFocus());
  await tabTo(user, "button", "Connect Cursor");
  await user.keyboard("{Enter}");
  expect(await screen.findByRole("dialog", { name: "Connect Cursor" })).toBeVisible();
});

describe("in German", () => {
  afterEach(() => speak("en"));

  test.each([
    ["keys", "Schlüssel"],
    ["connect", "Verbinden"],
    ["activity", "Verlauf"],
    ["settings", "Einstellungen"],
  ])("the page of %s stands, is accessible, and has no English word for what it offers", async (page, heading) => {
    window.location.hash = `#/${page}`;
    show(<App />, { settings_get: () => ({ ...settings, language: "de" }) }, { whole: true });
    expect(await screen.findByRole("heading", { name: heading, level: 1 })).toBeVisible();
    expect(document.documentElement).toHaveAttribute("lang", "de");
    await waitFor(() => expect(document.querySelector(".mantine-Skeleton-root")).toBeNull());
    const buttons = screen.getAllByRole("button").map((button) => button.textContent ?? "");
    expect(buttons.filter((text) => /\b(key|Connect|Copy|Undo|Check|Add|Show|Sign|the|and)\b/.test(text))).toEqual([]);
    await expectAccessible();
  });

  test("is spoken as soon as it is chosen, and English again", async () => {
    let language: "en" | "de" = "en";
    const { user } = show(
      <App />,
      {
        settings_get: () => ({ ...settings, language }),
        settings_set: (settings) => {
          language = settings.language === "de" ? "de" : "en";
          return settings;
        },
      },
      { whole: true },
    );
    await user.click(await screen.findByRole("link", { name: /^Settings/ }));
    await user.click(await screen.findByRole("radio", { name: "Deutsch" }));
    expect(await screen.findByRole("heading", { name: "Einstellungen", level: 1 })).toBeVisible();
    await user.click(await screen.findByRole("radio", { name: "English" }));
    expect(await screen.findByRole("heading", { name: "Settings", level: 1 })).toBeVisible();
  });
});
