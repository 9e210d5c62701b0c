import { createContext, type ReactNode, useCallback, useContext, useState } from "react";
import classes from "./Scroller.module.css";

const ScrollerContext = createContext<HTMLElement | null>(null);

interface ScrollerProps {
  children: ReactNode;
}

/** The part of the window that scrolls. */
export function Scroller({ children }: ScrollerProps) {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  // Out of sight it is still the same: nothing is drawn anew because a page comes and goes.
  const keep = useCallback((now: HTMLDivElement | null) => {
    if (now !== null) setElement(now);
  }, []);
  return (
    <div ref={keep} className={classes.scroller}>
      <ScrollerContext value={element}>{children}</ScrollerContext>
    </div>
  );
}

/** What a list scrolls in; `null` before it is laid out. */
export function useScroller(): HTMLElement | null {
  return useContext(ScrollerContext);
}
