import { useView } from "../../ipc";
import { Skeleton } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { RelativeTime } from "../../shared/RelativeTime";
import classes from "./KeyDetails.module.css";
import { detailWords as words } from "./words";

/** Lines that say enough; the rest stands under Activity. */
const MOST = 12;

/** What happened to a key on this computer. */
export function KeyTrail({ id }: { id: string }) {
  const trail = useView("keys_trail", { key: id });
  if (trail.isPending) return <Skeleton height={72} />;
  if (trail.error !== null) {
    return <ProblemAlert problem={trail.error} onRetry={() => void trail.refetch()} retrying={trail.isFetching} />;
  }
  if (trail.data.length === 0) return <p className={classes.text}>{words.noTrail}</p>;
  return (
    <ol className={classes.trail}>
      {trail.data.slice(0, MOST).map(({ seq, at, text }) => (
        <li key={seq}>
          <span className={classes.grow}>{text}</span>
          <span className={classes.when}>
            <RelativeTime at={at} />
          </span>
        </li>
      ))}
    </ol>
  );
}
