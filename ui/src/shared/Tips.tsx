import { useEffect, useState } from "react";
import { createPortal } from "react-dom";
import classes from "./Tips.module.css";
import { exact } from "./time";

/** How long the pointer rests before a tip shows, in milliseconds; none where the keyboard leads. */
const REST_MS = 350;
/** Nearer than this to the window's foot, a tip stands above. */
const FOOT_PX = 64;

interface Tip {
  text: string;
  code: boolean;
  at: DOMRect;
}

/**
 * One tip for the whole window: what `data-tip` says, or the exact date of `data-at`, under the pointer or the focus. One of its
 * own for everything that has something to say would slow long lists down.
 */
export function Tips() {
  const [tip, setTip] = useState<Tip | null>(null);
  useEffect(() => {
    const root = document;
    let resting: ReturnType<typeof setTimeout> | undefined;
    let pressed = false;
    const press = () => {
      pressed = true;
      hide();
    };
    const hide = () => {
      clearTimeout(resting);
      setTip(null);
    };
    const show = ({ target, type }: Event) => {
      hide();
      const told = target instanceof Element ? target.closest<HTMLElement>("[data-tip], [data-at]") : null;
      if (told === null) return;
      const code = told.dataset.tipCode !== undefined;
      const reveal = () => setTip({ text: textOf(told), code, at: told.getBoundingClientRect() });
      if (type !== "focusin") resting = setTimeout(reveal, REST_MS);
      // Who clicks has the pointer there already.
      else if (!pressed) reveal();
    };
    const leave = (event: KeyboardEvent) => {
      pressed = false;
      if (event.key === "Escape") hide();
    };
    root.addEventListener("pointerover", show);
    root.addEventListener("focusin", show);
    root.addEventListener("pointerdown", press);
    for (const kind of ["pointerleave", "focusout"]) root.addEventListener(kind, hide);
    window.addEventListener("scroll", hide, { capture: true, passive: true });
    window.addEventListener("keydown", leave, { capture: true });
    return () => {
      clearTimeout(resting);
      root.removeEventListener("pointerover", show);
      root.removeEventListener("focusin", show);
      root.removeEventListener("pointerdown", press);
      for (const kind of ["pointerleave", "focusout"]) root.removeEventListener(kind, hide);
      window.removeEventListener("scroll", hide, { capture: true });
      window.removeEventListener("keydown", leave, { capture: true });
    };
  }, []);
  if (tip === null || tip.text === "") return null;
  const above = tip.at.bottom > window.innerHeight - FOOT_PX;
  return createPortal(
    <div
      className={classes.tip}
      role="tooltip"
      data-above={above || undefined}
      style={{ left: tip.at.left + tip.at.width / 2, top: above ? tip.at.top : tip.at.bottom }}
    >
      {tip.code ? <code>{tip.text}</code> : tip.text}
    </div>,
    document.body,
  );
}

function textOf({ dataset }: HTMLElement): string {
  const { tip, at } = dataset;
  return tip ?? (at === undefined ? "" : exact(Number(at)));
}
