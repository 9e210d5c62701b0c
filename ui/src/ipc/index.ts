export { type Command, call, copyText, type RequestOf, type ViewOf } from "./call";
export { onChanged, onLink, onShowKey, onShowPage, type ShowKey } from "./events";
export type * from "./generated";
export { Problem } from "./problem";
export { askAnew, fetchView, invalidateAfter, markStale, useAction, useView, viewKey } from "./query";
