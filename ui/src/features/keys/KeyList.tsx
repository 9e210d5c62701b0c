import { Skeleton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type CSSProperties, useEffect, useLayoutEffect, useRef, useState } from "react";
import { number } from "../../shared/language";
import { useScroller } from "../../shared/Scroller";
import type { Open } from "./KeyDialogs";
import classes from "./KeyList.module.css";
import { KeyRow } from "./KeyRow";
import type { Offers } from "./offers";
import { pageAt, type Rows } from "./queries";
import { keysWords as words } from "./words";

const ROW_PX = 40;
const OVERSCAN = 8;

interface KeyListProps {
  rows: Rows;
  /** Which pages the lines in sight stand on. */
  onPages: (pages: readonly number[]) => void;
  offers: Offers;
  onOpen: (open: Open) => void;
}

/** The list of keys; only what is in sight is in the document, hence a table by roles and not by elements. */
export function KeyList({ rows, onPages, offers, onOpen }: KeyListProps) {
  const body = useRef<HTMLDivElement>(null);
  const scroller = useScroller();
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current === null || scroller === null) return;
    setTop(body.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop);
  }, [scroller]);
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller,
    estimateSize: () => ROW_PX,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const from = pageAt(items[0]?.index ?? 0);
  const to = pageAt(items.at(-1)?.index ?? 0);
  useEffect(() => onPages(from === to ? [from] : [from, to]), [from, to, onPages]);

  return (
    <div className={classes.list} role="table" aria-label={words.title} aria-rowcount={rows.count + 1}>
      <Head owner={offers.others} />
      <div ref={body} className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows.at(item.index);
          const place = { transform: `translateY(${item.start - top}px)`, height: item.size };
          const rowIndex = item.index + 2;
          if (row.kind === "waiting") return <WaitingRow key={item.index} rowIndex={rowIndex} style={place} />;
          if (row.kind === "section") {
            return (
              <div key={row.state} className={classes.section} role="row" aria-rowindex={rowIndex} style={place}>
                <span role="cell">
                  <span className={classes.sectionName}>
                    {row.state === "all" ? words.all : words.section[row.state]}
                  </span>{" "}
                  <span className={classes.count}>{number(row.count)}</span>
                </span>
              </div>
            );
          }
          return (
            <KeyRow
              // With its place where pages may overlap: a key made meanwhile moves all others on by one.
              key={row.showState ? `${item.index} ${row.key.id}` : row.key.id}
              target={row.key}
              showState={row.showState}
              rowIndex={rowIndex}
              style={place}
              offers={offers}
              onOpen={onOpen}
            />
          );
        })}
      </div>
    </div>
  );
}

function Head({ owner = false }: { owner?: boolean }) {
  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      {Object.entries(words.columns).map(([column, label]) => (
        <span key={column} role="columnheader" data-column={column}>
          {owner && column === "usedBy" ? words.owner : label}
        </span>
      ))}
      <span role="columnheader">
        <span className="ks-hidden">{words.actionsColumn}</span>
      </span>
    </div>
  );
}

interface WaitingRowProps {
  rowIndex: number;
  style: CSSProperties;
}

/** A line in sight whose page is on its way. */
function WaitingRow({ rowIndex, style }: WaitingRowProps) {
  return (
    <div className={classes.row} role="row" aria-rowindex={rowIndex} aria-busy="true" style={style}>
      <span role="cell">
        <Skeleton width="48%" height={12} />
        <span className="ks-hidden">{words.more}</span>
      </span>
    </div>
  );
}

const WIDTHS = [38, 52, 44, 60, 35, 48];

/** The list before it is known: rows where rows will be. */
export function KeyListSkeleton() {
  return (
    <div className={classes.list} aria-hidden="true">
      <Head />
      <div className={classes.section}>
        <Skeleton width={72} height={12} />
      </div>
      {WIDTHS.map((width) => (
        <div key={width} className={classes.row}>
          <Skeleton width={`${width}%`} height={12} />
          <Skeleton width={128} height={12} />
          <span data-column="scopes">
            <Skeleton width="60%" height={12} />
          </span>
          <Skeleton width="70%" height={12} />
          <Skeleton width={56} height={12} />
          <Skeleton width={56} height={12} />
          <span />
        </div>
      ))}
    </div>
  );
}
