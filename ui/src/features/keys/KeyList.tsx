import { Skeleton } from "@mantine/core";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import type { KeyView } from "../../ipc";
import classes from "./KeyList.module.css";
import { KeyRow } from "./KeyRow";
import { type Keys, rowsOf } from "./queries";
import { keysWords as words } from "./words";

const ROW_PX = 44;
const SECTION_PX = 40;
const OVERSCAN = 8;

interface KeyListProps {
  keys: Keys;
  hasMore: boolean;
  loadingMore: boolean;
  onMore: () => void;
  onRevoke: (key: KeyView) => void;
}

/** The list of keys; only what is in sight is in the document. */
export function KeyList({ keys, hasMore, loadingMore, onMore, onRevoke }: KeyListProps) {
  const rows = rowsOf(keys);
  const body = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  useLayoutEffect(() => {
    const place = () => setTop((body.current?.getBoundingClientRect().top ?? 0) + window.scrollY);
    place();
    window.addEventListener("resize", place);
    return () => window.removeEventListener("resize", place);
  }, []);
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: (index) => (rows[index]?.kind === "section" ? SECTION_PX : ROW_PX),
    getItemKey: (index) => {
      const row = rows[index];
      return row?.kind === "key" ? row.key.id : `section ${row?.state}`;
    },
    overscan: OVERSCAN,
    scrollMargin: top,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && !loadingMore && last >= rows.length - OVERSCAN * 2) onMore();
  }, [hasMore, loadingMore, last, rows.length, onMore]);
  // Sizes are kept by place; sections move when the list changes.
  const shape = rows.map((row) => (row.kind === "section" ? "s" : "k")).join("");
  // biome-ignore lint/correctness/useExhaustiveDependencies: measured anew when the shape changes, and only then
  useLayoutEffect(() => virtual.measure(), [shape]);

  return (
    // biome-ignore lint/a11y/useSemanticElements: rows out of sight are not in the document, which a table element cannot say
    <div className={classes.list} role="table" aria-label={words.title} aria-rowcount={hasMore ? -1 : rows.length + 1}>
      <Head />
      <div
        ref={body}
        className={classes.body}
        // biome-ignore lint/a11y/useSemanticElements: see above
        role="rowgroup"
        style={{ height: virtual.getTotalSize() }}
      >
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          const place = { transform: `translateY(${item.start - top}px)`, height: item.size };
          return row.kind === "section" ? (
            // biome-ignore lint/a11y/useSemanticElements: see above
            // biome-ignore lint/a11y/useFocusableInteractive: a heading row is not interactive
            <div key={item.key} className={classes.section} role="row" aria-rowindex={item.index + 2} style={place}>
              {/* biome-ignore lint/a11y/useSemanticElements: see above */}
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
      <p className={classes.more} role="status">
        {loadingMore ? words.more : null}
      </p>
    </div>
  );
}

function Head() {
  return (
    // biome-ignore lint/a11y/useSemanticElements: part of the virtual table
    // biome-ignore lint/a11y/useFocusableInteractive: a heading row is not interactive
    <div className={classes.head} role="row" aria-rowindex={1}>
      {Object.entries(words.columns).map(([column, label]) => (
        // biome-ignore lint/a11y/useSemanticElements: part of the virtual table
        // biome-ignore lint/a11y/useFocusableInteractive: a heading is not interactive
        <span key={column} role="columnheader" data-column={column}>
          {label}
        </span>
      ))}
      {/* biome-ignore lint/a11y/useSemanticElements: part of the virtual table */}
      {/* biome-ignore lint/a11y/useFocusableInteractive: a heading is not interactive */}
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
      <div className={classes.head} />
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
