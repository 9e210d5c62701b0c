import type { BudgetView } from "../../ipc";
import { relative } from "../../shared/time";
import { keysWords as words } from "./words";

/** `7 of 10 requests left, full again in 3 h`. */
export function budgetText({ limit, remaining, resetsAt, windowS }: BudgetView): string {
  const said = remaining === null ? words.budgetLimit(limit, windowS) : words.budgetLeft(remaining, limit);
  return resetsAt === null ? said : `${said}, ${words.budgetFull(relative(resetsAt, Date.now()))}`;
}
