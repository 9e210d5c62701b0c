import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { type RemovalState, type RemovedView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { Mark, type Tone } from "../../shared/Mark";
import { PathText } from "../../shared/PathText";
import { Rich } from "../../shared/Rich";
import { words as common } from "../../shared/words";
import classes from "./Removal.module.css";
import { removalWords as words } from "./words";

const TONES: Record<RemovalState, Tone> = { done: "good", failed: "bad", not_tried: "quiet" };

interface RemovalReportProps {
  removed: RemovedView;
  onClose: () => void;
  onAgain: () => void;
}

/** What came of it, step by step: all of it gone, or where it stopped and how to go on. */
export function RemovalReport({ removed, onClose, onAgain }: RemovalReportProps) {
  const client = useQueryClient();
  const quit = useAction("app_quit");
  const { complete, steps, kept } = removed;
  useEffect(() => {
    // Nothing is there to be asked for any more.
    if (complete) client.setDefaultOptions({ queries: { enabled: false } });
  }, [client, complete]);
  return (
    <div className={classes.root} data-whole={complete}>
      <p className={classes.outcome} role="status">
        {complete ? words.gone : words.stopped}
      </p>
      <ul className={classes.list} aria-label={words.steps}>
        {steps.map(({ id, title, state, problem }) => (
          <li key={`${id} ${title}`} className={classes.step}>
            <span>{title}</span>
            <Mark tone={TONES[state]}>{words.states[state]}</Mark>
            {problem === null ? null : (
              <p className={classes.note}>
                <Rich text={[problem.detail, problem.hint].filter(Boolean).join(" ")} />
              </p>
            )}
          </li>
        ))}
        {kept.map((path) => (
          <li key={path} className={classes.place}>
            <span>{words.notOurs}</span>
            <PathText path={path} />
          </li>
        ))}
      </ul>
      <footer className={classes.footer}>
        {complete ? (
          <Button onClick={() => quit.mutate({})} data-autofocus>
            {words.quit}
          </Button>
        ) : (
          <>
            <Button variant="default" onClick={onClose}>
              {common.close}
            </Button>
            <Button onClick={onAgain} data-autofocus>
              {words.again}
            </Button>
          </>
        )}
      </footer>
    </div>
  );
}
