import classes from "./SignIn.module.css";

/** Light modules that a reader needs around the picture. */
const QUIET = 4;

interface QrCodeProps {
  /** Rows of `#` (dark) and blanks. */
  rows: readonly string[];
  label: string;
}

/** Dark on light in both themes: readers expect it so. */
export function QrCode({ rows, label }: QrCodeProps) {
  const width = Math.max(...rows.map((row) => row.length)) + 2 * QUIET;
  const height = rows.length + 2 * QUIET;
  return (
    <svg
      className={classes.qr}
      viewBox={`0 0 ${width} ${height}`}
      role="img"
      aria-label={label}
      shapeRendering="crispEdges"
    >
      <rect width={width} height={height} fill="#ffffff" />
      <path d={pathOf(rows)} fill="#000000" />
    </svg>
  );
}

/** One rectangle a run of dark modules. */
export function pathOf(rows: readonly string[]): string {
  return rows
    .flatMap((row, y) =>
      [...row.matchAll(/#+/g)].map(
        ({ index, 0: run }) => `M${index + QUIET} ${y + QUIET}h${run.length}v1h${-run.length}z`,
      ),
    )
    .join("");
}
