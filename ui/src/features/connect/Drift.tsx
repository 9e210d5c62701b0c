import { Modal } from "@mantine/core";
import { type ConnectionView, type RepairAction, useView } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { Diff } from "../../shared/plan";
import { words as common } from "../../shared/words";
import classes from "./Drift.module.css";
import { connectWords } from "./words";

const words = connectWords.drawer;

interface DriftProps {
  connection: ConnectionView;
  /** What can be done about it, the likeliest first. */
  ways: readonly RepairAction[];
  onRepair: (action: RepairAction) => void;
  onClose: () => void;
}

/** An entry three ways: as it was written, as it stands, as it would be written today; and what differs. */
export function Drift({ connection, ways, onRepair, onClose }: DriftProps) {
  const drift = useView("connections_drift", { connection: connection.id });
  return (
    <Modal
      opened
      onClose={onClose}
      size={1000}
      title={<span className={classes.title}>{words.compareTitle(connection.clientName)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {drift.isPending ? (
        <Skeleton height={240} />
      ) : drift.error !== null ? (
        <ProblemAlert problem={drift.error} onRetry={() => void drift.refetch()} retrying={drift.isFetching} />
      ) : (
        <div className={classes.root}>
          <div className={classes.sides}>
            <Side title={words.sides.base} text={drift.data.base} />
            <Side title={words.sides.theirs} text={drift.data.theirs} />
            <Side title={words.sides.ours} text={drift.data.ours} />
          </div>
          {drift.data.byHand.length === 0 ? null : (
            <section className={classes.difference}>
              <h3 className={classes.heading}>{words.differences.byHand}</h3>
              <Diff path={connection.path} lines={drift.data.byHand} />
            </section>
          )}
          {drift.data.outOfDate.length === 0 ? null : (
            <section className={classes.difference}>
              <h3 className={classes.heading}>{words.differences.outOfDate}</h3>
              <Diff path={`${connection.path}, ${words.differences.outOfDate}`} lines={drift.data.outOfDate} />
            </section>
          )}
          {drift.data.adoptProblem === null || !ways.includes("adopt") ? null : (
            <p className={classes.why}>{words.cannotKeep(drift.data.adoptProblem.title)}</p>
          )}
          <footer className={classes.footer}>
            {ways.toReversed().map((action) => (
              <Button
                key={action}
                variant={action === ways[0] ? "filled" : "default"}
                disabled={action === "adopt" && drift.data.adoptProblem !== null}
                onClick={() => onRepair(action)}
              >
                {words.repair[action]}
              </Button>
            ))}
          </footer>
        </div>
      )}
    </Modal>
  );
}

function Side({ title, text }: { title: string; text: string | null }) {
  return (
    <section className={classes.side} aria-label={title}>
      <h3 className={classes.heading}>{title}</h3>
      {text === null ? (
        <p className={classes.nothing}>{words.nothing}</p>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        <pre className={classes.text} tabIndex={0}>
          {text}
        </pre>
      )}
    </section>
  );
}
