import { IconSelector } from "@tabler/icons-react";
import { useId } from "react";
import classes from "./controls.module.css";

export interface Choice<T extends string | number> {
  value: T;
  label: string;
}

interface SelectProps<T extends string | number> {
  choices: readonly Choice<T>[];
  value: T;
  onChoose: (value: T) => void;
  /** Its name, over it; without one, `aria-label` is it. */
  label?: string;
  "aria-label"?: string;
}

/** One of many, chosen from the system's own list. */
export function Select<T extends string | number>({ choices, value, onChoose, label, ...named }: SelectProps<T>) {
  const id = useId();
  const field = (
    <span className={classes.select}>
      <select
        {...named}
        id={id}
        value={value}
        onChange={(event) => {
          const chosen = choices[event.currentTarget.selectedIndex];
          if (chosen !== undefined) onChoose(chosen.value);
        }}
      >
        {choices.map(({ value: each, label: text }) => (
          <option key={each} value={each}>
            {text}
          </option>
        ))}
      </select>
      <IconSelector size={14} aria-hidden="true" />
    </span>
  );
  if (label === undefined) return field;
  return (
    <div>
      <label htmlFor={id} className={classes.name}>
        {label}
      </label>
      {field}
    </div>
  );
}
