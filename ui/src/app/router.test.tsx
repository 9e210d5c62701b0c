import { render, screen, waitFor } from "@testing-library/react";
import { expect, test } from "vitest";
import { goTo, useRoute } from "./router";

function Where() {
  return <output>{useRoute()}</output>;
}

const shown = () => screen.getByRole("status").textContent;

test("a page follows the address", async () => {
  render(<Where />);
  expect(shown()).toBe("keys");
  goTo("activity");
  await waitFor(() => expect(shown()).toBe("activity"));
  window.location.hash = "#/nowhere";
  await waitFor(() => expect(shown()).toBe("keys"));
});

// What asks for them is drawn anew before the window hears of the address: another page in between would flash.
test("the first steps come and go with whatever asks for them", async () => {
  const { rerender } = render(<Where />);
  goTo("welcome");
  rerender(<Where />);
  expect(shown()).toBe("welcome");
  await new Promise((resolve) => window.addEventListener("hashchange", resolve, { once: true }));
  await waitFor(() => expect(shown()).toBe("welcome"));
  goTo("settings");
  rerender(<Where />);
  expect(shown()).toBe("settings");
  await waitFor(() => expect(shown()).toBe("settings"));
});
