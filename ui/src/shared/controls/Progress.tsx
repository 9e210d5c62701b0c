import classes from "./controls.module.css";

interface ProgressProps {
  done: number;
  all: number;
  "aria-label": string;
}

/** How far something is. */
export function Progress({ done, all, ...named }: ProgressProps) {
  const percent = all === 0 ? 0 : (done / all) * 100;
  return (
    <div
      {...named}
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={Math.round(percent)}
      className={classes.progress}
    >
      <div style={{ width: `${percent}%` }} />
    </div>
  );
}
