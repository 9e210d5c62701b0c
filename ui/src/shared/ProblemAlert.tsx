import { IconAlertTriangleFilled, IconCopy } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { copyText, type Problem } from "../ipc";
import { Button } from "./controls";
import classes from "./ProblemAlert.module.css";
import { Rich } from "./Rich";
import { toast, toastProblem } from "./toast";
import { words } from "./words";

interface ProblemAlertProps {
  problem: Pick<Problem, "code" | "title" | "detail" | "hint" | "retry">;
  /** Offered where trying again can help. */
  onRetry?: (() => void) | undefined;
  retrying?: boolean;
  /** What did not happen, such as "Nothing was written." */
  outcome?: string;
  /** Another way out than trying again. */
  action?: ReactNode;
}

/** The one way an error is shown: what happened, what did not, what to do. */
export function ProblemAlert({ problem, onRetry, retrying = false, outcome, action }: ProblemAlertProps) {
  const { code, title, detail, hint, retry } = problem;
  const said = `${detail} ${hint ?? ""}`;
  const missing = outcome !== undefined && !said.includes(outcome) ? outcome : null;
  // A detail may say no more than the title.
  const more = detail === `${title}.` ? null : detail;
  const copyDetails = () => {
    const text = [`${title} (${code})`, detail, missing, hint].filter(Boolean).join("\n");
    copyText(text).then(() => toast({ text: words.copied, forMs: 2500 }), toastProblem);
  };
  return (
    <div className={classes.root} role="alert">
      <IconAlertTriangleFilled className={classes.icon} size={16} aria-hidden="true" />
      <div className={classes.body}>
        <p className={classes.title}>{title}</p>
        {more === null && missing === null ? null : (
          <p className={classes.text}>
            <Rich text={[more, missing].filter(Boolean).join(" ")} />
          </p>
        )}
        {hint === null ? null : (
          <p className={classes.text}>
            <Rich text={hint} />
          </p>
        )}
        <div className={classes.ways}>
          {action}
          {retry && onRetry !== undefined ? (
            <Button variant="default" onClick={onRetry} loading={retrying}>
              {words.tryAgain}
            </Button>
          ) : null}
          <Button variant="subtle" icon={<IconCopy size={14} aria-hidden="true" />} onClick={copyDetails}>
            {words.copyDetails}
          </Button>
        </div>
      </div>
    </div>
  );
}
