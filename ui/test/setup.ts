import "@testing-library/jest-dom/vitest";
import { clearMocks } from "@tauri-apps/api/mocks";
import { cleanup, configure } from "@testing-library/react";
import { afterEach, beforeEach, expect, vi } from "vitest";

// A whole document in an error hides the sentence that says what is wrong.
configure({
  // Waiting is for a condition; how long it may take depends on the machine.
  asyncUtilTimeout: 10_000,
  getElementError: (message) => new Error(message ?? "not found"),
});

/** What jsdom lacks and the window relies on: layout, media queries, size observers. */
const HEIGHT_PX = 800;
const WIDTH_PX = 1200;

class NoResizes implements ResizeObserver {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}

Object.defineProperties(Element.prototype, {
  clientHeight: { configurable: true, get: () => HEIGHT_PX },
  clientWidth: { configurable: true, get: () => WIDTH_PX },
});
window.ResizeObserver = NoResizes;
window.scrollTo = () => {};
window.matchMedia = (query) => ({
  // Nothing moves in tests.
  matches: query.includes("prefers-reduced-motion"),
  media: query,
  onchange: null,
  addListener: () => {},
  removeListener: () => {},
  addEventListener: () => {},
  removeEventListener: () => {},
  dispatchEvent: () => false,
});
HTMLCanvasElement.prototype.getContext = () => null;
Element.prototype.scrollIntoView = () => {};

beforeEach(() => {
  vi.spyOn(console, "error");
  vi.spyOn(console, "warn");
});

afterEach(async () => {
  cleanup();
  // What was under way ends before its native side goes.
  await new Promise((resolve) => setTimeout(resolve, 0));
  clearMocks();
  window.location.hash = "";
  window.localStorage.clear();
  document.documentElement.removeAttribute("data-ready");
  expect(console.error, "console errors fail a test").not.toHaveBeenCalled();
  expect(console.warn, "console warnings fail a test").not.toHaveBeenCalled();
});
