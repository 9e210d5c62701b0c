import { useState } from "react";
import type { KeyOrderView, KeySortView } from "../../ipc";

const PLACE = "keystow.keys.order";

/** Which way a column goes when it is first asked for: what matters stands on top. */
const FIRST_DOWN: Record<KeySortView, boolean> = { name: false, created: true, expires: false, last_used: true };

/** Another click turns it round, a third gives the provider's own order back. */
export function nextOrder(order: KeyOrderView | null, by: KeySortView): KeyOrderView | null {
  const first = FIRST_DOWN[by];
  if (order?.by !== by) return { by, descending: first };
  return order.descending === first ? { by, descending: !first } : null;
}

/** The order of the list, remembered on this computer. */
export function useOrder(): [KeyOrderView | null, (order: KeyOrderView | null) => void] {
  const [order, setOrder] = useState(kept);
  const keep = (wanted: KeyOrderView | null) => {
    setOrder(wanted);
    try {
      if (wanted === null) window.localStorage.removeItem(PLACE);
      else window.localStorage.setItem(PLACE, JSON.stringify(wanted));
    } catch {
      // Without a place to keep it, it holds for this page.
    }
  };
  return [order, keep];
}

function kept(): KeyOrderView | null {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(PLACE) ?? "null");
    if (typeof found !== "object" || found === null || !("by" in found) || !("descending" in found)) return null;
    const by = SORTS.find((each) => each === found.by);
    return by === undefined ? null : { by, descending: found.descending === true };
  } catch {
    return null;
  }
}

const SORTS: readonly KeySortView[] = ["name", "created", "expires", "last_used"];
