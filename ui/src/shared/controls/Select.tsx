import { IconSelector } from "@tabler/icons-react";
import { type ComponentProps, useId } from "react";
import classes from "./controls.module.css";

export interface Choice {
  value: string;
  label: string;
}

interface SelectProps extends Omit<ComponentProps<"select">, "children" | "className" | "onChange" | "multiple"> {
  choices: readonly Choice[];
  onChoose: (value: string) => void;
  /** Its name, over it; without one, `aria-label` is it. */
  label?: string | undefined;
}

/** One of many, chosen from the system's own list. */
export function Select({ choices, onChoose, label, ...others }: SelectProps) {
  const id = useId();
  const field = (
    <span className={classes.select}>
      <select {...others} id={id} onChange={(event) => onChoose(event.currentTarget.value)}>
        {choices.map(({ value, label: text }) => (
          <option key={value} value={value}>
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
