import type { KeyOrderView, KeySortView, RequestOf } from "../../ipc";

/** The most that one request gives; up to here, keys are grouped by state. */
export const PAGE = 200;

/** Where the order is kept on this computer. */
export const ORDER_PLACE = "keystow.keys.order";

const SORTS: readonly KeySortView[] = ["name", "created", "expires", "last_used"];

/** What the list asks for first. */
export function firstPage(): RequestOf<"keys_list"> {
  return { search: null, page: 1, limit: PAGE, everybody: false, order: keptOrder() };
}

/** The order that was chosen last. */
export function keptOrder(): KeyOrderView | null {
  try {
    const found: unknown = JSON.parse(window.localStorage.getItem(ORDER_PLACE) ?? "null");
    if (typeof found !== "object" || found === null || !("by" in found) || !("descending" in found)) return null;
    const by = SORTS.find((each) => each === found.by);
    return by === undefined ? null : { by, descending: found.descending === true };
  } catch {
    return null;
  }
}
