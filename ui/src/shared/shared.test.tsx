import { fireEvent, screen, waitFor } from "@testing-library/react";
import { Activity, useState } from "react";
import { describe, expect, test } from "vitest";
import { changedOnDisk } from "../../test/fixtures";
import { show } from "../../test/render";
import { ProblemAlert } from "./ProblemAlert";
import { Scroller } from "./Scroller";
import { hue, monogram } from "./Tile";
import { changesAt, day, relative } from "./time";
import { count, listed } from "./words";

const NOW = new Date(2026, 10, 21, 12).getTime();
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

test.each([
  [NOW, "just now"],
  [NOW - 3 * MINUTE, "3 min ago"],
  [NOW - 2 * HOUR, "2 h ago"],
  [NOW + 81 * DAY, "in 81 d"],
  [NOW + 20_000, "in a moment"],
  [NOW - 1000 * DAY, "3 y ago"],
])("a date reads relative to now (%#)", (at, text) => expect(relative(at, NOW)).toBe(text));

test("a relative date is known to read the same until it reads otherwise", () => {
  const spans = [
    1,
    44_999,
    45_000,
    80_000,
    90_000,
    59.5 * MINUTE,
    HOUR,
    1.5 * HOUR,
    23.7 * HOUR,
    DAY,
    729.6 * DAY,
    800 * DAY,
  ];
  for (const at of spans.flatMap((span) => [NOW - span, NOW + span])) {
    const next = changesAt(at, NOW);
    expect(next).toBeGreaterThan(NOW);
    const read = relative(at, NOW);
    expect([relative(at, next - 1), relative(at, next) === read]).toEqual([read, false]);
  }
});

test.each([
  [NOW, "Today"],
  [NOW - DAY, "Yesterday"],
  [NOW - 18 * DAY, "3 November"],
  [new Date(2025, 0, 5).getTime(), "5 January 2025"],
])("a day has a name (%#)", (at, name) => expect(day(at, NOW)).toBe(name));

test("amounts and lists read as sentences", () => {
  expect([count(1, "file"), count(3, "file"), count(12_408, "key")]).toEqual(["1 file", "3 files", "12,408 keys"]);
  expect(listed(["Cursor"])).toBe("Cursor");
  expect(listed(["Cursor", "Codex", "Zed"])).toBe("Cursor, Codex and Zed");
});

describe("a tile", () => {
  test("shows a monogram", () => {
    expect(["Claude Desktop", "Cursor", "VS Code", "x"].map(monogram)).toEqual(["CD", "Cu", "VC", "x"]);
  });

  test("keeps its hue, far from its neighbours'", () => {
    expect(["claude-desktop", "cursor", "vscode"].map(hue)).toEqual([9, 2, 11]);
  });
});

describe("a problem", () => {
  test("says what did not happen, once", () => {
    show(<ProblemAlert problem={changedOnDisk} outcome="Nothing was written." />);
    expect(screen.getByRole("alert").textContent?.match(/Nothing was written\./g)).toHaveLength(1);
  });

  test("copies its details, with the code", async () => {
    const { user, copied } = show(
      <ProblemAlert problem={{ ...changedOnDisk, hint: null }} outcome="Nothing was written." />,
    );
    await user.click(screen.getByRole("button", { name: "Copy details" }));
    expect(copied).toEqual([`The file changed (edit.changed_on_disk)\n${changedOnDisk.detail}\nNothing was written.`]);
  });

  test("offers to try again only where that can help", () => {
    show(<ProblemAlert problem={{ ...changedOnDisk, retry: false }} onRetry={() => {}} />);
    expect(screen.queryByRole("button", { name: "Try again" })).not.toBeInTheDocument();
  });
});

describe("what stands below the fold of a page", () => {
  function Window() {
    const [open, setOpen] = useState(false);
    return (
      <>
        <button type="button" onClick={() => setOpen(!open)}>
          turn
        </button>
        <Activity mode={open ? "visible" : "hidden"}>
          <Scroller>
            <p>page</p>
          </Scroller>
        </Activity>
      </>
    );
  }
  const page = () => screen.getByText("page").parentElement;

  test("waits for the rest to be painted each time it opens", async () => {
    const { user } = show(<Window />);
    const turn = () => user.click(screen.getByRole("button", { name: "turn" }));
    expect(page()).toHaveAttribute("data-fresh");
    await turn();
    await waitFor(() => expect(page()).not.toHaveAttribute("data-fresh"));
    await turn();
    expect(page()).toHaveAttribute("data-fresh");
    await turn();
    await waitFor(() => expect(page()).not.toHaveAttribute("data-fresh"));
  });

  test("is there at once where somebody had scrolled to", async () => {
    const { user } = show(<Window />);
    const turn = () => user.click(screen.getByRole("button", { name: "turn" }));
    const scrollTo = (top: number) => {
      const scroller = page();
      if (scroller === null) throw new Error("there is a page");
      scroller.scrollTop = top;
      fireEvent.scroll(scroller);
    };
    await turn();
    await waitFor(() => expect(page()).not.toHaveAttribute("data-fresh"));
    scrollTo(120);
    await turn();
    expect(page()).not.toHaveAttribute("data-fresh");
    await turn();
    scrollTo(0);
    await turn();
    expect(page()).toHaveAttribute("data-fresh");
  });
});
