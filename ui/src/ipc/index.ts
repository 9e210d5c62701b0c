export { type Command, call, copyText, type RequestOf, type ViewOf } from "./call";
export { onLink, onShowKey, type ShowKey } from "./events";
export type * from "./generated";
export { Problem } from "./problem";
export { invalidateAfter, useAction, useView, viewKey } from "./query";
