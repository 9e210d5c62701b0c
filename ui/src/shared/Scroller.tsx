import { createContext, type ReactNode, useContext, useState } from "react";
import classes from "./Scroller.module.css";

const ScrollerContext = createContext<HTMLElement | null>(null);

interface ScrollerProps {
  children: ReactNode;
}

/** The part of the window that scrolls. */
export function Scroller({ children }: ScrollerProps) {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  return (
    <div ref={setElement} className={classes.scroller}>
      <ScrollerContext value={element}>{children}</ScrollerContext>
    </div>
  );
}

/** What a list scrolls in; `null` before it is laid out. */
export function useScroller(): HTMLElement | null {
  return useContext(ScrollerContext);
}
