import { act, screen, waitFor, within } from "@testing-library/react";
import { describe, expect, test } from "vitest";
import { askForPage, show } from "../../test/render";
import { App } from "./App";

const goTo = async (user: ReturnType<typeof show>["user"], name: RegExp) =>
  user.click(await screen.findByRole("link", { name }));

describe("a page that is left", () => {
  test("is as it was when the person comes back, and asks for nothing meanwhile", async () => {
    const { user, sent } = show(<App />, {}, { whole: true });
    await user.type(await screen.findByRole("searchbox", { name: /^Filter by name/ }), "night");
    await waitFor(() => expect(sent("keys_list").at(-1)).toMatchObject({ search: "night" }));
    await waitFor(() => expect(sent("keys_list").at(-1)).toMatchObject({ search: "night" }));
    const asked = sent("keys_list").length;
    await goTo(user, /^Rotations/);
    await waitFor(() => expect(screen.getByRole("heading", { name: "Rotations", level: 1 })).toHaveFocus());
    expect(screen.queryByRole("grid")).not.toBeInTheDocument();
    // Its keys do nothing out of sight.
    await user.keyboard("{Escape}");
    expect(sent("keys_list")).toHaveLength(asked);
    await goTo(user, /^Keys/);
    expect(await screen.findByRole("searchbox", { name: /^Filter by name/ })).toHaveValue("night");
    await waitFor(() => expect(screen.getByRole("heading", { name: "Keys", level: 1 })).toHaveFocus());
  });

  test("leaves no dialog behind", async () => {
    const { user } = show(<App />, {}, { whole: true });
    await user.click(await screen.findByRole("button", { name: "New key" }));
    await screen.findByRole("dialog", { name: "New key" });
    await askForPage("rotations");
    expect(await screen.findByRole("heading", { name: "Rotations", level: 1 })).toBeVisible();
    await waitFor(() => expect(screen.queryByRole("dialog")).not.toBeInTheDocument());
    await goTo(user, /^Keys/);
    expect(await screen.findByRole("heading", { name: "Keys", level: 1 })).toBeVisible();
    expect(screen.queryByRole("dialog")).not.toBeInTheDocument();
  });
});

test("pages are drawn before they are opened, and open without a placeholder", async () => {
  const { user, sent } = show(<App prepares />, {}, { whole: true });
  await screen.findByRole("heading", { name: "Keys", level: 1 });
  await waitFor(() => expect(document.querySelectorAll("h1")).toHaveLength(5));
  await waitFor(() => expect(sent("doctor_run")).toEqual([{ fix: false }]));
  expect(screen.getAllByRole("heading", { level: 1 })).toHaveLength(1);
  for (const [link, heading] of [
    [/^Connect/, "Connect"],
    [/^Settings/, "Settings"],
  ] as const) {
    await goTo(user, link);
    expect(await screen.findByRole("heading", { name: heading, level: 1 })).toBeVisible();
    expect(within(screen.getByRole("main")).queryByText("Loading")).not.toBeInTheDocument();
    const waiting = [...document.querySelectorAll<HTMLElement>("[data-skeleton]")];
    expect(waiting.filter((each) => each.closest('[style*="display: none"]') === null)).toEqual([]);
  }
});

test("opening a page draws no other one anew", async () => {
  const { user } = show(<App prepares />, {}, { whole: true });
  await waitFor(() => expect(document.querySelectorAll("h1")).toHaveLength(5));
  await waitFor(() => expect(document.querySelectorAll("main [data-skeleton]")).toHaveLength(0));
  const drawn: string[] = [];
  // A field that is drawn anew is given its name and its type once more.
  const watch = new MutationObserver((records) => {
    for (const { target } of records) {
      const page = target instanceof HTMLInputElement ? target.closest("main > div")?.querySelector("h1") : null;
      if (page != null) drawn.push(page.textContent);
    }
  });
  watch.observe(screen.getByRole("main"), { subtree: true, attributes: true });
  await goTo(user, /^Rotations/);
  await waitFor(() => expect(screen.getByRole("heading", { name: "Rotations", level: 1 })).toHaveFocus());
  // What is out of sight is drawn last.
  await act(() => new Promise((resolve) => setTimeout(resolve, 300)));
  watch.disconnect();
  expect(document.querySelectorAll("main input").length).toBeGreaterThan(3);
  expect([...new Set(drawn)]).toEqual([]);
});

// WebKit keeps what it works out below such an element, anew each time the page is shown: 0.1 MB for each opening of a page.
test("no element of a page has variables of its own", async () => {
  show(<App prepares />, {}, { whole: true });
  await waitFor(() => expect(document.querySelectorAll("h1")).toHaveLength(5));
  await waitFor(() => expect(document.querySelectorAll("main [data-skeleton]")).toHaveLength(0));
  const styled = [...document.querySelectorAll<HTMLElement>("main [style]")].map((each) => each.style.cssText);
  expect(styled).not.toEqual([]);
  expect(styled.filter((each) => each.includes("--"))).toEqual([]);
});
