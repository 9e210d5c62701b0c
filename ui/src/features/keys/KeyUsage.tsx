import { type ClientUseView, type CountView, useView } from "../../ipc";
import { Skeleton } from "../../shared/controls";
import { number } from "../../shared/language";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { RelativeTime } from "../../shared/RelativeTime";
import classes from "./KeyDetails.module.css";
import { UsageChart } from "./UsageChart";
import { usageWords as words } from "./words";

/** The busiest ones; more say little. */
const TOP = 6;

/** What a key was used for, as far as its product tells. */
export function KeyUsage({ id }: { id: string }) {
  const usage = useView("keys_usage", { key: id });
  if (usage.isPending) return <Skeleton height={72} />;
  if (usage.error !== null) {
    return <ProblemAlert problem={usage.error} onRetry={() => void usage.refetch()} retrying={usage.isFetching} />;
  }
  const { lastUsedAt, requests, endpoints, clients, days } = usage.data;
  return (
    <>
      <p className={classes.text}>
        {lastUsedAt === null ? (
          words.never
        ) : (
          <>
            {words.last} <RelativeTime at={lastUsedAt} />.
          </>
        )}{" "}
        {requests === null ? null : words.requests(requests)}
      </p>
      {days.length === 0 ? null : (
        <section aria-label={words.days}>
          <h3 className={classes.barsTitle}>{words.days}</h3>
          <UsageChart days={days.slice(-30)} />
        </section>
      )}
      <Bars title={words.endpoints} counts={endpoints.slice(0, TOP)} mono />
      <Bars title={words.clients} counts={clients.slice(0, TOP)} />
    </>
  );
}

interface BarsProps {
  title: string;
  counts: readonly (CountView & Partial<Pick<ClientUseView, "lastUsedAt">>)[];
  mono?: boolean;
}

/** Names with their numbers; the bar only helps to compare. */
function Bars({ title, counts, mono = false }: BarsProps) {
  if (counts.length === 0) return null;
  const most = Math.max(1, ...counts.map(({ count }) => count));
  return (
    <section aria-label={title}>
      <h3 className={classes.barsTitle}>{title}</h3>
      <ul className={classes.bars}>
        {counts.map(({ name, count, lastUsedAt = null }) => (
          <li key={name} className={classes.bar} style={{ "--share": `${(count / most) * 100}%` }}>
            {mono ? <code>{name}</code> : <span>{name}</span>}
            {lastUsedAt === null ? null : (
              <span className={classes.last}>
                {words.lastBy} <RelativeTime at={lastUsedAt} />
              </span>
            )}
            <span>{number(count)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
