import type { ComponentProps } from "react";
import classes from "./controls.module.css";
import { Spinner } from "./Spinner";

interface IconButtonProps extends ComponentProps<"button"> {
  /** What it does, for who cannot see the icon. */
  "aria-label": string;
  /** With a border, beside other buttons. */
  framed?: boolean;
  /** Its edge, in pixels. */
  size?: number;
  loading?: boolean;
}

/** A button of a single icon. */
export function IconButton({
  framed = false,
  size = 28,
  loading = false,
  disabled,
  children,
  ...others
}: IconButtonProps) {
  return (
    <button
      type="button"
      {...others}
      className={classes.icon}
      style={size === 28 ? undefined : { width: size, height: size }}
      disabled={disabled || loading}
      data-framed={framed || undefined}
    >
      {loading ? <Spinner aria-hidden="true" /> : children}
    </button>
  );
}
