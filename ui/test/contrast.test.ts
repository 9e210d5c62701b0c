import { expect, test } from "vitest";
import css from "../src/theme/base.css?raw";

/** What stands on what, and how far apart both must be: 4.5 for text, 3 for a focus ring (WCAG 2.2, AA). */
const PAIRS: readonly (readonly [front: string, back: string, least: number])[] = [
  ...["ground", "rail", "panel", "sunken", "hover", "pressed", "accent-soft"].flatMap((back) => [
    ["text", back, 4.5] as const,
    ["text-2", back, 4.5] as const,
    ["accent", back, 3] as const,
  ]),
  ...["good", "warn", "bad"].flatMap((state) =>
    ["ground", "panel", `${state}-soft`].map((back) => [state, back, 4.5] as const),
  ),
  ["on-fill", "accent", 4.5],
];

function tokens(theme: "light" | "dark"): Map<string, string> {
  const block = css.split(`:root[data-mantine-color-scheme="${theme}"]`)[1]?.split("}")[0] ?? "";
  return new Map(
    [...block.matchAll(/--ks-([a-z0-9-]+): (#[0-9a-f]{6})/g)].map(([, name = "", value = ""]) => [name, value]),
  );
}

function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(front: string, back: string): number {
  const [dark = 0, bright = 0] = [luminance(front), luminance(back)].sort((a, b) => a - b);
  return (bright + 0.05) / (dark + 0.05);
}

test.each(["light", "dark"] as const)("colours of the %s theme are far enough apart to read", (theme) => {
  const colours = tokens(theme);
  const low = PAIRS.flatMap(([front, back, least]) => {
    const reached = contrast(colours.get(front) ?? "", colours.get(back) ?? "");
    return reached >= least ? [] : [`${front} on ${back}: ${reached.toFixed(2)}`];
  });
  expect(low).toEqual([]);
});
