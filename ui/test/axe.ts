import axe from "axe-core";
import { expect } from "vitest";

/** Fails when axe finds something. Colours are looked at in a browser: jsdom has no layout to compute them from. */
export async function expectAccessible(root: Element = document.body): Promise<void> {
  const { violations } = await axe.run(root, {
    rules: { "color-contrast": { enabled: false }, region: { enabled: false } },
  });
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" | ")}`)).toEqual([]);
}
