import type { CSSProperties } from "react";
import classes from "./controls.module.css";

interface SkeletonProps {
  /** Pixels, or a share of the place. */
  width?: number | string;
  height?: number;
  /** What is left free, as the styles of elements have it. */
  margin?: CSSProperties["margin"];
  /** What is being loaded; without it, screen readers pass it by. */
  label?: string;
}

/** Stands where something will be, so that nothing jumps when it comes. It keeps still: what moves must be drawn on its own layer. */
export function Skeleton({ width, height, margin, label }: SkeletonProps) {
  return (
    <div
      className={classes.skeleton}
      style={{ width, height, margin }}
      data-skeleton
      {...(label === undefined ? { "aria-hidden": true } : { role: "img", "aria-label": label })}
    />
  );
}
