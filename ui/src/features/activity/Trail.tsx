import { useDebouncedValue } from "@mantine/hooks";
import {
  type Icon,
  IconArrowBackUp,
  IconBuilding,
  IconHistory,
  IconKey,
  IconPlugConnected,
  IconRefresh,
  IconSearch,
  IconServer,
  IconTool,
  IconUserCircle,
} from "@tabler/icons-react";
import { type InfiniteData, infiniteQueryOptions, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ActivityView, call, type Problem } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { EmptyState } from "../../shared/EmptyState";
import { Section } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { clock, day, exact } from "../../shared/time";
import { useNow } from "../../shared/useNow";
import classes from "./ActivityPage.module.css";
import { EVERYTHING, requestFor, TrailFilter, type TrailRequest } from "./TrailFilter";
import { filterWords, activityWords as words } from "./words";

const PAGE = 100;

const ICONS: Record<string, Icon> = {
  session: IconUserCircle,
  workspace: IconBuilding,
  server: IconServer,
  key: IconKey,
  rotation: IconRefresh,
  connection: IconPlugConnected,
  change: IconArrowBackUp,
  doctor: IconTool,
};

/** How long typing rests before it is looked for. */
const REST_MS = 200;

/** The trail, page by page. */
export function pagesOf(request: TrailRequest) {
  return infiniteQueryOptions<ActivityView[], Problem, InfiniteData<ActivityView[]>, readonly unknown[], number | null>(
    {
      queryKey: ["activity", "activity_list", "pages", request],
      queryFn: ({ pageParam }) => call("activity_list", { ...request, before: pageParam, limit: PAGE }),
      initialPageParam: null,
      getNextPageParam: (last) => (last.length < PAGE ? undefined : last.at(-1)?.seq),
    },
  );
}

/** The trail, newest first, by day; narrowed to what is looked for. */
export function Trail() {
  const now = useNow();
  const [wanted, setWanted] = useState(EVERYTHING);
  const [narrowedAt, setNarrowedAt] = useState(() => Date.now());
  const [rested] = useDebouncedValue(wanted, REST_MS);
  const request = requestFor(rested, narrowedAt);
  const trail = useInfiniteQuery({
    ...pagesOf(request),
    select: ({ pages }) => pages.flat(),
    placeholderData: keepPreviousData,
  });
  const everything = Object.values(rested).every((value) => value === "" || value === 0);

  const failed = trail.error !== null;
  const empty = trail.data === undefined || trail.data.length === 0;
  if (!failed && trail.data !== undefined && empty && everything) {
    return <EmptyState icon={IconHistory} title={words.none.title} text={words.none.text} />;
  }
  return (
    <>
      <TrailFilter
        wanted={wanted}
        onChange={(next) => {
          setWanted(next);
          setNarrowedAt(Date.now());
        }}
        request={request}
        empty={empty}
      />
      {failed ? (
        <ProblemAlert problem={trail.error} onRetry={() => void trail.refetch()} retrying={trail.isFetching} />
      ) : trail.data === undefined ? (
        <Waiting />
      ) : empty ? (
        <EmptyState
          icon={IconSearch}
          title={filterWords.none.title}
          text={filterWords.none.text}
          action={
            <Button variant="default" onClick={() => setWanted(EVERYTHING)}>
              {filterWords.clear}
            </Button>
          }
        />
      ) : (
        [...byDay(trail.data, now)].map(([name, entries]) => (
          <Section key={name} title={name}>
            <ol className={classes.lines}>
              {entries.map((entry) => (
                <Line key={entry.seq} entry={entry} />
              ))}
            </ol>
          </Section>
        ))
      )}
      {trail.hasNextPage && !failed ? (
        <Button
          className={classes.more ?? ""}
          variant="default"
          onClick={() => void trail.fetchNextPage()}
          loading={trail.isFetchingNextPage}
        >
          {words.more}
        </Button>
      ) : null}
    </>
  );
}

function Line({ entry }: { entry: ActivityView }) {
  const Shape = ICONS[entry.kind.split(".", 1)[0] ?? ""] ?? IconHistory;
  return (
    <li className={classes.line}>
      <Shape size={16} stroke={1.5} aria-hidden="true" />
      <span className={classes.text}>{entry.text}</span>
      <time className={classes.time} dateTime={new Date(entry.at).toISOString()} title={exact(entry.at)}>
        {clock(entry.at)}
      </time>
    </li>
  );
}

const WIDTHS = [44, 36, 52, 40, 30];

function Waiting() {
  return (
    <div aria-hidden="true">
      <Skeleton width={56} height={12} margin="8px 0 16px" />
      <div className={classes.lines}>
        {WIDTHS.map((width) => (
          <div key={width} className={classes.line}>
            <Skeleton width={16} height={16} />
            <span className={classes.text}>
              <Skeleton width={`${width}%`} height={12} />
            </span>
            <Skeleton width={36} height={12} />
          </div>
        ))}
      </div>
    </div>
  );
}

function byDay(entries: readonly ActivityView[], now: number): Map<string, ActivityView[]> {
  const days = new Map<string, ActivityView[]>();
  for (const entry of entries) {
    const name = day(entry.at, now);
    const members = days.get(name);
    if (members === undefined) days.set(name, [entry]);
    else members.push(entry);
  }
  return days;
}
