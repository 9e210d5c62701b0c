import { number } from "./language";

const UNITS = ["kB", "MB", "GB"] as const;

/** `512 B`, `12 kB`, `3.4 MB`. */
export function size(bytes: number): string {
  if (bytes < 1000) return `${number(bytes)} B`;
  let amount = bytes / 1000;
  let unit: (typeof UNITS)[number] = "kB";
  for (const next of UNITS.slice(1)) {
    if (amount < 1000) break;
    amount /= 1000;
    unit = next;
  }
  return `${number(amount, amount < 10 ? 1 : 0)} ${unit}`;
}
