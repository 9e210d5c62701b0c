import type { ComponentProps, ReactNode } from "react";
import classes from "./controls.module.css";
import { Spinner } from "./Spinner";

interface Looks {
  /** The one thing a place is for, anything else, or hardly there. */
  variant?: "filled" | "default" | "subtle" | undefined;
  /** Destroys something. */
  danger?: boolean | undefined;
  size?: "small" | "medium" | "normal" | "large" | undefined;
  wide?: boolean | undefined;
  icon?: ReactNode;
  children: ReactNode;
}

type ButtonProps = Looks &
  Omit<ComponentProps<"button">, keyof Looks> & {
    /** What it does is under way; it cannot be pressed meanwhile. */
    loading?: boolean | undefined;
  };

/** A button. Drawn by style sheets alone: pages have many, and each of them must be there at once. */
export function Button({ loading = false, disabled = false, type = "button", ...others }: ButtonProps) {
  const { inner, ...looks } = dressed(others);
  return (
    <button
      {...looks}
      type={type}
      disabled={disabled || loading}
      data-disabled={disabled || undefined}
      data-loading={loading || undefined}
    >
      {loading ? <Spinner className={classes.busy} aria-hidden="true" /> : null}
      {inner}
    </button>
  );
}

/** A link that looks like a button: it leads to another page. */
export function ButtonLink(props: Looks & Omit<ComponentProps<"a">, keyof Looks>) {
  const { inner, ...looks } = dressed(props);
  return <a {...looks}>{inner}</a>;
}

/** What an element gets instead of its looks, and what is in it. */
function dressed<T extends Looks & { className?: string | undefined }>(props: T) {
  const { variant = "filled", danger, size = "normal", wide, icon, children, className, ...others } = props;
  return {
    ...others,
    className: className === undefined ? classes.button : `${classes.button} ${className}`,
    "data-variant": variant,
    "data-danger": danger || undefined,
    "data-size": size,
    "data-wide": wide || undefined,
    inner: (
      <span className={classes.inner}>
        {icon}
        <span className={classes.label}>{children}</span>
      </span>
    ),
  };
}
