import { useId } from "react";
import classes from "./controls.module.css";
import type { Choice } from "./Select";

interface SegmentsProps<T extends string> {
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
  /** As wide as its place. */
  wide?: boolean;
  "aria-label"?: string;
  "aria-labelledby"?: string;
}

/** One of a few, all in sight. */
export function Segments<T extends string>({ choices, value, onChoose, wide = false, ...named }: SegmentsProps<T>) {
  const name = useId();
  return (
    <div {...named} role="radiogroup" className={classes.segments} data-wide={wide || undefined}>
      {choices.map(({ value: each, label }) => (
        <label key={each}>
          <input type="radio" name={name} value={each} checked={each === value} onChange={() => onChoose(each)} />
          <span>{label}</span>
        </label>
      ))}
    </div>
  );
}
