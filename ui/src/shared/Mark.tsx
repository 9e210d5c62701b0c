import {
  IconAlertTriangleFilled,
  IconCircle,
  IconCircleCheckFilled,
  IconCircleXFilled,
  IconPlayerPauseFilled,
} from "@tabler/icons-react";
import type { ReactNode } from "react";
import classes from "./Mark.module.css";

export type Tone = "good" | "warn" | "bad" | "quiet" | "paused";

const SHAPES = {
  good: IconCircleCheckFilled,
  warn: IconAlertTriangleFilled,
  bad: IconCircleXFilled,
  quiet: IconCircle,
  paused: IconPlayerPauseFilled,
} as const;

interface MarkProps {
  tone: Tone;
  children: ReactNode;
}

/** A state: shape, colour and a word together, so that colour never stands alone. */
export function Mark({ tone, children }: MarkProps) {
  const Shape = SHAPES[tone];
  return (
    <span className={classes.mark} data-tone={tone}>
      <Shape size={12} aria-hidden="true" />
      <span>{children}</span>
    </span>
  );
}
