import type { Line } from "./lines";

/** Lines that have every typed word in them; those that begin with what was typed come first. */
export function find(lines: readonly Line[], typed: string): Line[] {
  const wanted = folded(typed).split(/\s+/).filter(Boolean);
  if (wanted.length === 0) return [...lines];
  const first = wanted[0] ?? "";
  return lines
    .map((line) => {
      const text = folded(`${line.label} ${line.hint ?? ""} ${line.also ?? ""}`);
      const hit = wanted.every((word) => text.includes(word));
      const rank = text.startsWith(first) ? 0 : text.includes(` ${first}`) ? 1 : 2;
      return { line, hit, rank };
    })
    .filter(({ hit }) => hit)
    .sort((a, b) => a.rank - b.rank)
    .map(({ line }) => line);
}

/** Lower case and without accents, so that `schlussel` finds `Schlüssel`. */
function folded(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{Diacritic}/gu, "")
    .toLowerCase();
}
