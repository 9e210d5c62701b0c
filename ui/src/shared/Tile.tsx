import classes from "./Tile.module.css";

/** From one hue of the style sheet to the next, in degrees. */
const STEP = 30;
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
    <span className={classes.tile} data-size={size} data-hue={hue(id)} aria-hidden="true">
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

/**
 * Which of the hues an id has, spread over the colour circle, the same every time. A number, not a style of its own: WebKit keeps what
 * it works out below an element with variables of its own, each time anew, as long as the window is open.
 */
export function hue(id: string): number {
  let hash = 0;
  for (const unit of id) hash = (Math.imul(hash, 97) + (unit.codePointAt(0) ?? 0)) >>> 0;
  return Math.floor(((hash * GOLDEN_ANGLE) % 360) / STEP);
}
