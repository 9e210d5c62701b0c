import { type KeyboardEvent, type PointerEvent, useState } from "react";
import type { DayUseView } from "../../ipc";
import { inLanguage, number } from "../../shared/language";
import classes from "./UsageChart.module.css";
import { usageWords as words } from "./words";

/** Clients that have a colour of their own, far from each other's; what is left is one. */
const HUES = [190, 60, 300, 130, 255];
const HEIGHT = 112;
/** Between two days, in parts of one. */
const GAP = 0.24;

interface Series {
  name: string;
  /** By day. */
  counts: number[];
  total: number;
  /** `null`: it is no client of its own. */
  hue: number | null;
}

/** Requests by day, one bar over the other for each client. Arrow keys go through the days; a table says the same. */
export function UsageChart({ days }: { days: readonly DayUseView[] }) {
  const [at, setAt] = useState<number | null>(null);
  const series = seriesOf(days);
  const total = days.reduce((sum, { count }) => sum + count, 0);
  const most = Math.max(1, ...days.map(({ count }) => count));
  const [first, last] = [days[0], days.at(-1)];
  if (first === undefined || last === undefined || total === 0) {
    return <p className={classes.quiet}>{words.quiet(days.length)}</p>;
  }
  const step = 100 / days.length;
  const shown = at === null ? null : (days[at] ?? null);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === "ArrowRight" ? 1 : event.key === "ArrowLeft" ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    setAt((before) => Math.min(days.length - 1, Math.max(0, before === null ? days.length - 1 : before + by)));
  };
  const onPointerMove = ({ currentTarget, clientX }: PointerEvent) => {
    const { left, width } = currentTarget.getBoundingClientRect();
    if (width > 0) setAt(Math.min(days.length - 1, Math.max(0, Math.floor(((clientX - left) / width) * days.length))));
  };
  return (
    <figure className={classes.figure}>
      <div className={classes.scale} aria-hidden="true">
        <span>{number(most)}</span>
        <span>0</span>
      </div>
      <svg
        className={classes.chart}
        width="100%"
        height={HEIGHT}
        role="img"
        aria-label={words.chart(dayOf(first.day), dayOf(last.day), total)}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys go through its days
        tabIndex={0}
        onKeyDown={onKeyDown}
        onBlur={() => setAt(null)}
        onPointerMove={onPointerMove}
        onPointerLeave={() => setAt(null)}
      >
        {at === null ? null : (
          <rect className={classes.here} x={`${at * step}%`} y={0} width={`${step}%`} height={HEIGHT} rx={4} />
        )}
        {days.map(({ day }, index) => {
          let below = HEIGHT;
          return series.map(({ name, counts, hue: own }) => {
            const count = counts[index] ?? 0;
            if (count === 0) return null;
            const height = Math.max(1.5, (count / most) * (HEIGHT - 4));
            below -= height;
            return (
              <rect
                key={`${day} ${name}`}
                className={own === null ? classes.rest : classes.bar}
                x={`${(index + GAP / 2) * step}%`}
                y={below}
                width={`${(1 - GAP) * step}%`}
                height={height}
                rx={1.5}
                style={own === null ? undefined : { "--hue": own }}
              />
            );
          });
        })}
      </svg>
      <div className={classes.axis} aria-hidden="true">
        <span>{dayOf(first.day)}</span>
        <span>{dayOf(last.day)}</span>
      </div>
      <figcaption className={classes.caption}>
        <p className={classes.told} aria-live="polite">
          {shown === null ? null : words.onDay(dayOf(shown.day), shown.count)}
        </p>
        <ul className={classes.legend}>
          {series.map(({ name, counts, total: all, hue: own }) => (
            <li key={name}>
              <span
                className={own === null ? classes.restMark : classes.mark}
                style={own === null ? undefined : { "--hue": own }}
                aria-hidden="true"
              />
              {name} <span className={classes.amount}>{number(at === null ? all : (counts[at] ?? 0))}</span>
            </li>
          ))}
        </ul>
      </figcaption>
      <details className={classes.table}>
        <summary>{words.asTable}</summary>
        <table>
          <thead>
            <tr>
              <th scope="col">{words.day}</th>
              <th scope="col">{words.all}</th>
              {series.length < 2 ? null : series.map(({ name }) => <Column key={name} name={name} />)}
            </tr>
          </thead>
          <tbody>
            {days.map(({ day, count }, index) =>
              count === 0 ? null : (
                <tr key={day}>
                  <th scope="row">{dayOf(day)}</th>
                  <td>{number(count)}</td>
                  {series.length < 2
                    ? null
                    : series.map(({ name, counts }) => <td key={name}>{number(counts[index] ?? 0)}</td>)}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </details>
    </figure>
  );
}

function Column({ name }: { name: string }) {
  return <th scope="col">{name}</th>;
}

/** The busiest clients, and what is left; all in one where the product does not tell them apart. */
export function seriesOf(days: readonly DayUseView[]): Series[] {
  const totals = new Map<string, number>();
  for (const { clients } of days) {
    for (const { name, count } of clients) totals.set(name, (totals.get(name) ?? 0) + count);
  }
  const own = [...totals].sort(([, a], [, b]) => b - a).slice(0, HUES.length);
  const series: Series[] = own.map(([name, total], rank) => ({
    name,
    total,
    hue: HUES[rank] ?? null,
    counts: days.map(({ clients }) => clients.find((client) => client.name === name)?.count ?? 0),
  }));
  const rest = days.map(({ count }, day) => count - series.reduce((sum, { counts }) => sum + (counts[day] ?? 0), 0));
  const left = rest.reduce((sum, count) => sum + Math.max(0, count), 0);
  if (left > 0) {
    series.push({ name: series.length === 0 ? words.all : words.others, counts: rest, total: left, hue: null });
  }
  return series;
}

/** `21 November`; a day of the product is one of UTC. */
function dayOf(day: string): string {
  const at = Date.parse(`${day}T12:00:00`);
  return Number.isNaN(at) ? day : inLanguage().day.format(at);
}
