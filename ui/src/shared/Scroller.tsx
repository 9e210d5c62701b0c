import { createContext, type ReactNode, useCallback, useContext, useLayoutEffect, useRef, useState } from "react";
import classes from "./Scroller.module.css";

const ScrollerContext = createContext<HTMLElement | null>(null);

interface ScrollerProps {
  children: ReactNode;
}

/** The part of the window that scrolls. What is marked `data-below` is laid out once the rest of it has been painted. */
export function Scroller({ children }: ScrollerProps) {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const scrolled = useRef(false);
  // Out of sight it is still the same: nothing is drawn anew because a page comes and goes.
  const keep = useCallback((now: HTMLDivElement | null) => {
    if (now !== null) setElement(now);
  }, []);
  useLayoutEffect(() => {
    if (element === null) return;
    let painted: ReturnType<typeof setTimeout>;
    const frame = requestAnimationFrame(() => {
      painted = setTimeout(() => element.removeAttribute("data-fresh"));
    });
    return () => {
      cancelAnimationFrame(frame);
      clearTimeout(painted);
      // Where somebody has scrolled to, there may be nothing else in sight.
      element.toggleAttribute("data-fresh", !scrolled.current);
    };
  }, [element]);
  return (
    <div
      ref={keep}
      className={classes.scroller}
      data-fresh=""
      onScroll={({ target, currentTarget }) => {
        if (target === currentTarget) scrolled.current = currentTarget.scrollTop > 0;
      }}
    >
      <ScrollerContext value={element}>{children}</ScrollerContext>
    </div>
  );
}

/** What a list scrolls in; `null` before it is laid out. */
export function useScroller(): HTMLElement | null {
  return useContext(ScrollerContext);
}
