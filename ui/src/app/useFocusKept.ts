import { useEffect } from "react";

/** What lies over the page and has the focus while it is there. */
const OVER_THE_PAGE = '[role="dialog"], [role="menu"], [data-portal]';

/** Where something over the page goes away and nothing else takes the focus, it goes back to where it was on the page. */
export function useFocusKept(): void {
  useEffect(() => {
    let last: HTMLElement | null = null;
    const onFocus = ({ target }: FocusEvent) => {
      if (target instanceof HTMLElement && target.closest(OVER_THE_PAGE) === null) last = target;
    };
    // Left by a click beside it: the person wants the focus nowhere.
    const onLeave = ({ target, relatedTarget }: FocusEvent) => {
      if (target === last && relatedTarget === null) last = null;
    };
    const removals = new MutationObserver((changes) => {
      const lost = document.activeElement === null || document.activeElement === document.body;
      if (!lost || !last?.isConnected || document.querySelector('[role="dialog"]') !== null) return;
      if (changes.some(({ removedNodes }) => [...removedNodes].some(wasOver))) last.focus({ preventScroll: true });
    });
    removals.observe(document.body, { childList: true, subtree: true });
    document.addEventListener("focusin", onFocus);
    document.addEventListener("focusout", onLeave);
    return () => {
      removals.disconnect();
      document.removeEventListener("focusin", onFocus);
      document.removeEventListener("focusout", onLeave);
    };
  }, []);
}

function wasOver(node: Node): boolean {
  return node instanceof Element && (node.matches(OVER_THE_PAGE) || node.querySelector(OVER_THE_PAGE) !== null);
}
