import classes from "./Tile.module.css";

/** Neighbouring numbers end up far apart on the circle. */
const GOLDEN_ANGLE = 137.508;

interface TileProps {
  id: string;
  name: string;
  size?: "sm" | "md";
}

/** A monogram in a hue of its own, derived from the id. Decoration: the name always stands beside it. */
export function Tile({ id, name, size = "md" }: TileProps) {
  return (
    <span className={classes.tile} data-size={size} style={{ "--tile-hue": hue(id) }} aria-hidden="true">
      {monogram(name)}
    </span>
  );
}

/** `Claude Desktop` → `CD`, `Cursor` → `Cu`. */
export function monogram(name: string): string {
  const [first = "", second] = name.trim().split(/\s+/);
  const letters = second === undefined ? [...first].slice(0, 2) : [[...first][0], [...second][0]];
  return letters.join("");
}

/** Spreads ids over the colour circle, the same every time. */
export function hue(id: string): number {
  let hash = 0;
  for (const unit of id) hash = (Math.imul(hash, 97) + (unit.codePointAt(0) ?? 0)) >>> 0;
  return Math.round((hash * GOLDEN_ANGLE) % 360);
}
