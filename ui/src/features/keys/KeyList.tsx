import { Skeleton } from "@mantine/core";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from "react";
import type { KeyView } from "../../ipc";
import { useScroller } from "../../shared/Scroller";
import classes from "./KeyList.module.css";
import { KeyRow } from "./KeyRow";
import { type Keys, rowsOf } from "./queries";
import { keysWords as words } from "./words";

const ROW_PX = 40;
const SECTION_PX = 40;
const OVERSCAN = 8;

interface KeyListProps {
  keys: Keys;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
  onRevoke: (key: KeyView) => void;
}

/** The list of keys; only what is in sight is in the document, hence a table by roles and not by elements. */
export function KeyList({ keys, hasMore, loadingMore, onMore, onRevoke }: KeyListProps) {
  const rows = useMemo(() => rowsOf(keys), [keys]);
  const body = useRef<HTMLDivElement>(null);
  const scroller = useScroller();
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    if (body.current === null || scroller === null) return;
    setTop(body.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop);
  }, [scroller]);
  // A new function makes it place all rows anew, so only a new list gets one.
  const keyOf = useCallback(
    (index: number) => {
      const row = rows[index];
      return row?.kind === "key" ? row.key.id : `section ${row?.state}`;
    },
    [rows],
  );
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller,
    estimateSize: (index) => (rows[index]?.kind === "section" ? SECTION_PX : ROW_PX),
    getItemKey: keyOf,
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - OVERSCAN * 2) onMore();
  }, [hasMore, loadingMore, last, rows.length, onMore]);

  return (
    <>
      <div
        className={classes.list}
        role="table"
        aria-label={words.title}
        aria-rowcount={hasMore ? -1 : rows.length + 1}
      >
        <Head />
        <div ref={body} className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.map((item) => {
            const row = rows[item.index];
            if (row === undefined) return null;
            const place = { transform: `translateY(${item.start - top}px)`, height: item.size };
            return row.kind === "section" ? (
              <div key={item.key} className={classes.section} role="row" aria-rowindex={item.index + 2} style={place}>
                <span role="cell">
                  <span className={classes.sectionName}>
                    {row.state === "all" ? words.all : words.section[row.state]}
                  </span>{" "}
                  <span className={classes.count}>{row.count.toLocaleString("en")}</span>
                </span>
              </div>
            ) : (
              <KeyRow
                key={item.key}
                target={row.key}
                showState={row.showState}
                rowIndex={item.index + 2}
                style={place}
                onRevoke={() => onRevoke(row.key)}
              />
            );
          })}
        </div>
      </div>
      <p className={classes.more} role="status">
        {loadingMore ? words.more : null}
      </p>
    </>
  );
}

function Head() {
  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      {Object.entries(words.columns).map(([column, label]) => (
        <span key={column} role="columnheader" data-column={column}>
          {label}
        </span>
      ))}
      <span role="columnheader">
        <span className="ks-hidden">Actions</span>
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
