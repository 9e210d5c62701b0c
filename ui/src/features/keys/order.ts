import { useState } from "react";
import type { KeyOrderView, KeySortView } from "../../ipc";
import { keptOrder, ORDER_PLACE } from "./firstPage";

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
  const [order, setOrder] = useState(keptOrder);
  const keep = (wanted: KeyOrderView | null) => {
    setOrder(wanted);
    try {
      if (wanted === null) window.localStorage.removeItem(ORDER_PLACE);
      else window.localStorage.setItem(ORDER_PLACE, JSON.stringify(wanted));
    } catch {
      // Without a place to keep it, it holds for this page.
    }
  };
  return [order, keep];
}
