import { act, render, screen } from "@testing-library/react";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { relative } from "./time";
import { useNow } from "./useNow";

const NOW = new Date(2026, 10, 21, 12).getTime();
const MINUTE = 60_000;

const shown = vi.fn();

function Ago({ at }: { at: number }) {
  const now = useNow(at);
  shown();
  return <p>{relative(at, now)}</p>;
}

const looked = vi.spyOn(document, "hidden", "get");

function hide(hidden: boolean) {
  looked.mockReturnValue(hidden);
  document.dispatchEvent(new Event("visibilitychange"));
}

beforeEach(() => {
  vi.useFakeTimers({ now: NOW });
  shown.mockClear();
  looked.mockReturnValue(false);
});
afterEach(() => {
  vi.useRealTimers();
});

test("a date is shown anew when it reads otherwise, and not before", () => {
  render(<Ago at={NOW - 3 * MINUTE} />);
  expect(screen.getByText("3 min ago")).toBeVisible();
  act(() => void vi.advanceTimersByTime(29_000));
  expect(shown).toHaveBeenCalledOnce();
  act(() => void vi.advanceTimersByTime(3000));
  expect(screen.getByText("4 min ago")).toBeVisible();
  expect(shown).toHaveBeenCalledTimes(2);
  act(() => void vi.advanceTimersByTime(57 * MINUTE));
  expect(screen.getByText("1 h ago")).toBeVisible();
});

test("nothing ticks for dates long gone, nor after they have left the screen", () => {
  const { unmount } = render(<Ago at={NOW - 400 * 24 * 60 * MINUTE} />);
  act(() => void vi.advanceTimersByTime(11 * 60 * MINUTE));
  expect(shown).toHaveBeenCalledOnce();
  unmount();
  expect(vi.getTimerCount()).toBe(0);
});

test("a hidden window has no timer, and reads right as soon as it is seen again", () => {
  render(<Ago at={NOW} />);
  hide(true);
  expect(vi.getTimerCount()).toBe(0);
  act(() => void vi.advanceTimersByTime(5 * MINUTE));
  expect(screen.getByText("just now")).toBeVisible();
  hide(false);
  act(() => void vi.advanceTimersByTime(1));
  expect(screen.getByText("5 min ago")).toBeVisible();
});
