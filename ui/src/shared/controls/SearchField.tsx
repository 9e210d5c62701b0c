import type { ComponentProps, ReactNode } from "react";
import classes from "./controls.module.css";

interface SearchFieldProps extends Omit<ComponentProps<"input">, "type" | "className"> {
  "aria-label": string;
  icon: ReactNode;
  /** At its end: a hint, or how the search is going. */
  aside?: ReactNode;
  /** Of the whole field. */
  className?: string | undefined;
}

/** A field to search with. */
export function SearchField({ icon, aside, className, ...others }: SearchFieldProps) {
  return (
    <div className={className === undefined ? classes.search : `${classes.search} ${className}`}>
      {icon}
      <input {...others} type="search" />
      <span className={classes.aside}>{aside}</span>
    </div>
  );
}
