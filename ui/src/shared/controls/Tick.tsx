import type { ComponentProps } from "react";
import classes from "./controls.module.css";

interface TickProps extends Omit<ComponentProps<"input">, "type" | "className"> {
  "aria-label": string;
  /** Some of what it stands for is chosen. */
  some?: boolean;
}

/** A box to tick whose name is not beside it. */
export function Tick({ some = false, ...others }: TickProps) {
  return (
    <input
      {...others}
      ref={(box) => {
        if (box !== null) box.indeterminate = some;
      }}
      type="checkbox"
      className={classes.tick}
    />
  );
}
