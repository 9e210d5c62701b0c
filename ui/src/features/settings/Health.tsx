import { useQueryClient } from "@tanstack/react-query";
import { type CheckView, useAction, useView, viewKey } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { Section } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { Rich } from "../../shared/Rich";
import { toast, toastProblem } from "../../shared/toast";
import classes from "./SettingsPage.module.css";
import { LOOK, TONES } from "./tones";
import { settingsWords as words } from "./words";

/** What the doctor finds, and the button that repairs what can be repaired without asking anybody. */
export function Health() {
  const client = useQueryClient();
  const checks = useView("doctor_run", LOOK);
  const repair = useAction("doctor_run");
  const ailing = checks.data?.filter(({ state }) => state === "warning" || state === "failed").length ?? 0;

  const fix = () =>
    repair.mutate(
      { fix: true },
      {
        onSuccess: (found) => {
          client.setQueryData(viewKey("doctor_run", LOOK), found);
          toast({ text: words.repaired });
        },
        onError: toastProblem,
      },
    );

  return (
    <Section
      title={words.health}
      aside={
        <div className={classes.buttons}>
          {ailing > 0 ? (
            <Button onClick={fix} loading={repair.isPending}>
              {words.repair}
            </Button>
          ) : null}
          <Button
            variant="default"
            onClick={() => void checks.refetch()}
            disabled={checks.isFetching || repair.isPending}
          >
            {checks.isFetching ? words.checking : words.check}
          </Button>
        </div>
      }
    >
      {checks.isPending ? (
        <Waiting />
      ) : checks.error !== null ? (
        <ProblemAlert problem={checks.error} onRetry={() => void checks.refetch()} retrying={checks.isFetching} />
      ) : (
        <div className={classes.panel}>
          <p className={classes.summary} role="status">
            {ailing === 0 ? words.allFine(checks.data.length) : words.look(ailing)}
          </p>
          <ul className={classes.checks}>
            {checks.data.map((check) => (
              <Check key={check.id} check={check} />
            ))}
          </ul>
        </div>
      )}
    </Section>
  );
}

function Check({ check }: { check: CheckView }) {
  const { title, state, detail, hint } = check;
  return (
    <li className={classes.check}>
      <span className={classes.checkTitle}>{title}</span>
      <span className={classes.checkDetail}>
        <Rich text={detail} />
        {hint === null ? null : (
          <span className={classes.note}>
            {" "}
            <Rich text={hint} />
          </span>
        )}
      </span>
      <Mark tone={TONES[state]}>{words.state[state]}</Mark>
    </li>
  );
}

const ROWS = ["a", "b", "c", "d"];

function Waiting() {
  return (
    <div className={classes.panel} aria-hidden="true">
      <div className={classes.summary}>
        <Skeleton width={140} height={12} />
      </div>
      {ROWS.map((row) => (
        <div key={row} className={classes.check}>
          <Skeleton width={110} height={12} />
          <Skeleton width="60%" height={12} />
          <Skeleton width={40} height={12} />
        </div>
      ))}
    </div>
  );
}
