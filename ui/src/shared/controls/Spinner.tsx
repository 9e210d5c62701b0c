import type { ComponentProps } from "react";
import classes from "./controls.module.css";

interface SpinnerProps extends ComponentProps<"span"> {
  /** Its edge, in pixels. */
  size?: number;
}

/** Something is under way. */
export function Spinner({ size = 14, className, ...others }: SpinnerProps) {
  const own = className === undefined ? classes.spinner : `${classes.spinner} ${className}`;
  const named = others["aria-label"] === undefined ? {} : { role: "img" };
  return <span {...named} {...others} className={own} style={{ width: size, height: size }} />;
}
