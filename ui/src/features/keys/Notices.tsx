import { IconAlertTriangleFilled } from "@tabler/icons-react";
import type { BudgetView, KeyStyleView, ProblemView } from "../../ipc";
import { Button } from "../../shared/controls";
import { words as common } from "../../shared/words";
import { budgetText } from "./budget";
import classes from "./KeysPage.module.css";
import { keysWords as words } from "./words";

interface StaleProps {
  problem: ProblemView;
  onRetry: () => void;
  retrying: boolean;
}

/** The list is what was known before. */
export function Stale({ problem, onRetry, retrying }: StaleProps) {
  return (
    <div className={classes.stale} role="status">
      <IconAlertTriangleFilled size={14} aria-hidden="true" />
      <span className={classes.staleText}>
        {words.stale} {problem.title}. {problem.hint}
      </span>
      <Button variant="default" onClick={onRetry} loading={retrying}>
        {common.tryAgain}
      </Button>
    </div>
  );
}

/** How much the account may still ask; what one key may, where that is worth knowing. */
export function Budget({ budget, style }: { budget: BudgetView | null; style: KeyStyleView | undefined }) {
  const text = budget === null ? (style?.budget ?? null) : words.accountBudget(budgetText(budget));
  return text === null ? null : <p className={classes.budget}>{text}</p>;
}
