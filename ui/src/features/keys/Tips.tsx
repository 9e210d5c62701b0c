import { type RefObject, useEffect, useState } from "react";
import { createPortal } from "react-dom";
import { exact } from "../../shared/time";
import classes from "./Tips.module.css";

/** How long the pointer rests before a tip shows, in milliseconds; none where the keyboard leads. */
const REST_MS = 350;
/** Nearer than this to the window's foot, a tip stands above. */
const FOOT_PX = 64;

interface Tip {
  text: string;
  at: DOMRect;
}

/** One tip for all of a long list: what `data-tip` says, or the exact date of `data-at`, under the pointer or the focus. */
export function Tips({ within }: { within: RefObject<HTMLElement | null> }) {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    const root = within.current;
    if (root === null) return;
    let resting: ReturnType<typeof setTimeout> | undefined;
    const hide = () => {
      clearTimeout(resting);
      setTip(null);
    };
    const show = ({ target, type }: Event) => {
      hide();
      const told = target instanceof Element ? target.closest<HTMLElement>("[data-tip], [data-at]") : null;
      if (told === null || !root.contains(told)) return;
      const reveal = () => setTip({ text: textOf(told), at: told.getBoundingClientRect() });
      if (type === "focusin") reveal();
      else resting = setTimeout(reveal, REST_MS);
    };
    const leave = (event: KeyboardEvent) => {
      if (event.key === "Escape") hide();
    };
    root.addEventListener("pointerover", show);
    root.addEventListener("focusin", show);
    for (const kind of ["pointerleave", "pointerdown", "focusout"]) root.addEventListener(kind, hide);
    window.addEventListener("scroll", hide, { capture: true, passive: true });
    window.addEventListener("keydown", leave);
    return () => {
      clearTimeout(resting);
      root.removeEventListener("pointerover", show);
      root.removeEventListener("focusin", show);
      for (const kind of ["pointerleave", "pointerdown", "focusout"]) root.removeEventListener(kind, hide);
      window.removeEventListener("scroll", hide, { capture: true });
      window.removeEventListener("keydown", leave);
    };
  }, [within]);
  if (tip === null || tip.text === "") return null;
  const above = tip.at.bottom > window.innerHeight - FOOT_PX;
  return createPortal(
    <div
      className={classes.tip}
      role="tooltip"
      data-above={above || undefined}
      style={{ left: tip.at.left + tip.at.width / 2, top: above ? tip.at.top : tip.at.bottom }}
    >
      {tip.text}
    </div>,
    document.body,
  );
}

function textOf({ dataset }: HTMLElement): string {
  const { tip, at } = dataset;
  return tip ?? (at === undefined ? "" : exact(Number(at)));
}
