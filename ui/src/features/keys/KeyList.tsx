import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { defaultRangeExtractor, useVirtualizer } from "@tanstack/react-virtual";
import {
  type KeyboardEvent,
  lazy,
  type MouseEvent,
  memo,
  Suspense,
  useEffect,
  useLayoutEffect,
  useRef,
  useState,
} from "react";
import type { KeyOrderView, KeySortView } from "../../ipc";
import { Skeleton, Tick } from "../../shared/controls";
import { number } from "../../shared/language";
import { useScroller } from "../../shared/Scroller";
import { useLater } from "../../shared/useLater";
import { useSteady } from "../../shared/useSteady";
import type { Open } from "./KeyDialogs";
import classes from "./KeyList.module.css";
import { KeyRow, type RowDeed } from "./KeyRow";
import type { Offers } from "./offers";
import { nextOrder } from "./order";
import { pageAt, type Rows } from "./queries";
import { useKeyDeeds } from "./useKeyDeeds";
import type { Selection } from "./useSelection";
import { keysWords as words } from "./words";

const loadMenu = () => import("./RowMenu");
const RowMenu = lazy(() => loadMenu().then((module) => ({ default: module.RowMenu })));

const ROW_PX = 40;
const OVERSCAN = 5;
/** What stands above the list, about. */
const ABOVE_PX = 240;
/** The head, which stays on top of what scrolls. */
const HEAD_PX = 32;
/** What is said of a selection, at the foot. */
const FOOT_PX = 64;
const LINES_A_PAGE = 12;

/** What columns are put in order by. */
const SORTS: Partial<Record<string, KeySortView>> = {
  name: "name",
  created: "created",
  lastUsed: "last_used",
  expires: "expires",
};

interface KeyListProps {
  rows: Rows;
  /** Which pages the lines in sight stand on. */
  onPages: (pages: readonly number[]) => void;
  offers: Offers;
  selection: Selection;
  onOpen: (open: Open) => void;
  order: KeyOrderView | null;
  /** `null` where nobody can put these in order. */
  onOrder: ((order: KeyOrderView | null) => void) | null;
  onAll: () => void;
}

/** The list of keys; only what is in sight is in the document, hence a grid by roles and not by elements. */
export const KeyList = memo(function KeyList(props: KeyListProps) {
  const { rows, onPages, offers, selection, onOpen, order, onOrder, onAll } = props;
  const body = useRef<HTMLDivElement>(null);
  const scroller = useScroller();
  const [top, setTop] = useState(0);
  // The line that keys go to.
  const [active, setActive] = useState(() => firstKey(rows));
  const [renaming, setRenaming] = useState<string | null>(null);
  const [menu, setMenu] = useState<{ index: number; at: DOMRect } | null>(null);
  const deeds = useKeyDeeds();
  const later = useLater();
  useLayoutEffect(() => {
    if (body.current === null || scroller === null) return;
    setTop(body.current.getBoundingClientRect().top - scroller.getBoundingClientRect().top + scroller.scrollTop);
  }, [scroller]);
  useEffect(() => void loadMenu(), []);
  const here = rows.at(active).kind === "section" || active >= rows.count ? firstKey(rows) : active;
  const virtual = useVirtualizer({
    count: rows.count,
    getScrollElement: () => scroller,
    initialRect: { width: window.innerWidth, height: Math.max(ROW_PX, window.innerHeight - ABOVE_PX) },
    estimateSize: () => ROW_PX,
    // What is out of sight at first can wait until the rest is painted.
    overscan: later ? OVERSCAN : 1,
    scrollMargin: top,
    scrollPaddingStart: HEAD_PX,
    scrollPaddingEnd: selection.chosen.size > 0 ? FOOT_PX : 0,
    // The line that has the focus stays in the document wherever one scrolls.
    rangeExtractor: (range) =>
      [...new Set([...(here < rows.count ? [here] : []), ...defaultRangeExtractor(range)])].sort((a, b) => a - b),
  });
  const items = virtual.getVirtualItems();
  const inSight = items.filter(({ index }) => index !== here);
  const from = pageAt(inSight[0]?.index ?? here);
  const to = pageAt(inSight.at(-1)?.index ?? here);
  useEffect(() => onPages(from === to ? [from] : [from, to]), [from, to, onPages]);

  const line = (index: number) => body.current?.querySelector<HTMLElement>(`[data-index="${index}"]`) ?? null;
  const wanted = useRef(false);
  // The focus is in a line; it goes to its neighbour, or to what was waited for, when that line goes.
  const held = useRef(false);
  useLayoutEffect(() => {
    const lost = held.current && document.activeElement === document.body;
    if (!wanted.current && !lost) return;
    wanted.current = false;
    line(here)?.focus({ preventScroll: true });
  });
  const go = (index: number) => {
    wanted.current = true;
    setActive(index);
    virtual.scrollToIndex(index);
  };
  const back = (index: number) => {
    setMenu(null);
    go(index);
  };

  const act = (deed: RowDeed) => {
    const { target, index } = deed;
    if (deed.does === "show") onOpen({ dialog: "details", target });
    else if (deed.does === "copy") deeds.copy(target);
    else if (deed.does === "choose") selection.toggle(target, index);
    else if (deed.does === "choose-to") selection.extend(index);
    else if (deed.does === "menu") setMenu({ index, at: deed.at });
    else if (deed.does === "renamed") {
      setRenaming(null);
      if (deed.byKey) go(index);
    }
  };
  // Rows are many and told apart by what they show: what they call never changes.
  const onDeed = useSteady(act);

  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>) => {
    const { target, key } = event;
    if (!(target instanceof HTMLElement) || target.closest("[data-index]") === null) return;
    if (target instanceof HTMLInputElement && target.type !== "checkbox") return;
    const row = rows.at(here);
    const onRow = target.matches("[data-index]");
    const to = stepOf(event, here, rows);
    if (to !== null) {
      event.preventDefault();
      if (event.shiftKey) {
        if (selection.chosen.size === 0 && row.kind === "key") selection.toggle(row.key, here);
        selection.extend(to);
      }
      return go(to);
    }
    if (row.kind !== "key") return;
    const menuKey = key === "ContextMenu" || (key === "F10" && event.shiftKey);
    if (key === "Enter" && onRow) act({ does: "show", target: row.key, index: here });
    else if (key === " " && onRow) {
      if (event.shiftKey) selection.extend(here);
      else selection.toggle(row.key, here);
    } else if (key === "F2" && offers.rename) setRenaming(row.key.id);
    else if (menuKey) setMenu({ index: here, at: target.getBoundingClientRect() });
    else return;
    event.preventDefault();
  };
  // Right where one clicked, as everywhere.
  const onContextMenu = (event: MouseEvent<HTMLDivElement>) => {
    const index = indexOf(event.target);
    if (index === null || rows.at(index).kind !== "key") return;
    event.preventDefault();
    setActive(index);
    setMenu({ index, at: new DOMRect(event.clientX, event.clientY, 0, 0) });
  };
  const opened = menu === null ? null : rows.at(menu.index);

  return (
    <div className={classes.list}>
      <div
        role="grid"
        aria-label={words.title}
        aria-rowcount={rows.count + 1}
        aria-multiselectable="true"
        onKeyDown={onKeyDown}
        onContextMenu={onContextMenu}
        onFocus={(event) => {
          const index = indexOf(event.target);
          held.current = index !== null;
          if (index !== null && index !== active) setActive(index);
        }}
        onBlur={() => {
          held.current = false;
        }}
      >
        <Head
          owner={offers.others}
          order={order}
          onOrder={onOrder}
          all={selection.chosen.size === 0 ? "none" : holdsAll(rows, selection) ? "all" : "some"}
          onAll={selection.chosen.size === 0 ? onAll : selection.clear}
        />
        <div ref={body} className={classes.body} role="rowgroup" style={{ height: virtual.getTotalSize() }}>
          {items.flatMap((item, nth) => {
            const row = rows.at(item.index);
            const rowIndex = item.index + 2;
            // What is not in the document takes its room by one line for all of it: lines with a place of their own each would
            // leave the web view with the styles of every place that ever was.
            const missing = item.start - (items[nth - 1]?.end ?? top);
            const room = missing > 0 ? [<Room key={`before ${item.index}`} px={missing} />] : [];
            if (row.kind === "waiting") {
              return [
                ...room,
                <WaitingRow key={`waiting ${item.index}`} index={item.index} active={item.index === here} />,
              ];
            }
            if (row.kind === "section") {
              return [
                ...room,
                <div key={row.state} className={classes.section} role="row" aria-rowindex={rowIndex}>
                  <span role="gridcell">
                    <span className={classes.sectionName}>
                      {row.state === "all" ? words.all : words.section[row.state]}
                    </span>{" "}
                    <span className={classes.count}>{number(row.count)}</span>
                  </span>
                </div>,
              ];
            }
            return [
              ...room,
              <KeyRow
                // By its place in a long list, so that what is typed changes lines instead of making all of them anew.
                key={row.showState ? item.index : row.key.id}
                target={row.key}
                showState={row.showState}
                index={item.index}
                offers={offers}
                active={item.index === here}
                chosen={selection.chosen.has(row.key.id)}
                renaming={renaming === row.key.id}
                busy={deeds.copying === row.key.id}
                onDeed={onDeed}
              />,
            ];
          })}
        </div>
      </div>
      {menu === null || opened?.kind !== "key" ? null : (
        <Suspense fallback={null}>
          <RowMenu
            target={opened.key}
            at={menu.at}
            offers={offers}
            deeds={deeds}
            onOpen={onOpen}
            onRename={() => {
              setMenu(null);
              setRenaming(opened.key.id);
            }}
            onClose={() => back(menu.index)}
          />
        </Suspense>
      )}
    </div>
  );
});

/** The line that an element stands in. */
function indexOf(target: EventTarget): number | null {
  const line = target instanceof HTMLElement ? target.closest("[data-index]") : null;
  return line === null ? null : Number(line.getAttribute("data-index"));
}

function firstKey(rows: Rows): number {
  return rows.count > 1 && rows.at(0).kind === "section" ? 1 : 0;
}

/** Where arrows and their like lead from a line; headings are passed over. `null`: these keys lead nowhere. */
function stepOf({ key }: KeyboardEvent, from: number, rows: Rows): number | null {
  const last = rows.count - 1;
  const first = firstKey(rows);
  if (key === "Home") return first;
  if (key === "End") return last;
  const by =
    key === "ArrowDown"
      ? 1
      : key === "ArrowUp"
        ? -1
        : key === "PageDown"
          ? LINES_A_PAGE
          : key === "PageUp"
            ? -LINES_A_PAGE
            : 0;
  if (by === 0) return null;
  const to = Math.min(last, Math.max(first, from + by));
  if (rows.at(to).kind !== "section") return to;
  return by > 0 ? Math.min(last, to + 1) : Math.max(first, to - 1);
}

function holdsAll(rows: Rows, { chosen }: Selection): boolean {
  return chosen.size >= rows.keys;
}

interface HeadProps {
  owner?: boolean;
  order?: KeyOrderView | null;
  onOrder?: ((order: KeyOrderView | null) => void) | null;
  all?: "none" | "some" | "all" | null;
  onAll?: () => void;
}

function Head({ owner = false, order = null, onOrder = null, all = null, onAll }: HeadProps) {
  return (
    <div className={classes.head} role="row" aria-rowindex={1}>
      <span role="columnheader">
        {all === null ? null : (
          <Tick some={all === "some"} aria-label={words.chooseAll} checked={all === "all"} onChange={onAll} />
        )}
      </span>
      {Object.entries(words.columns).map(([column, label]) => {
        const by = SORTS[column];
        const name = owner && column === "usedBy" ? words.owner : label;
        if (by === undefined || onOrder === null) {
          return (
            <span key={column} role="columnheader" data-column={column}>
              {name}
            </span>
          );
        }
        const way = order?.by !== by ? undefined : order.descending ? "descending" : "ascending";
        const Arrow = way === "descending" ? IconArrowDown : IconArrowUp;
        return (
          <span key={column} role="columnheader" data-column={column} aria-sort={way ?? "none"}>
            <button type="button" className={classes.sort} onClick={() => onOrder(nextOrder(order, by))}>
              {name}
              <Arrow className={classes.arrow} size={12} aria-hidden="true" data-way={way} />
            </button>
          </span>
        );
      })}
      <span role="columnheader">
        <span className="ks-hidden">{words.actionsColumn}</span>
      </span>
    </div>
  );
}

/** Room for lines that are out of sight. */
function Room({ px }: { px: number }) {
  return <div role="presentation" style={{ height: px }} />;
}

interface WaitingRowProps {
  index: number;
  active: boolean;
}

/** A line in sight whose page is on its way. */
function WaitingRow({ index, active }: WaitingRowProps) {
  return (
    <div
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      aria-busy="true"
      data-index={index}
      tabIndex={active ? 0 : -1}
    >
      <span role="gridcell" />
      <span role="gridcell">
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
          <span />
          <Skeleton width={`${width}%`} height={12} />
          <Skeleton width={128} height={12} />
          <span data-column="scopes">
            <Skeleton width="60%" height={12} />
          </span>
          <span data-column="usedBy">
            <Skeleton width="70%" height={12} />
          </span>
          {["created", "lastUsed", "expires"].map((column) => (
            <span key={column} data-column={column}>
              <Skeleton width={56} height={12} />
            </span>
          ))}
          <span />
        </div>
      ))}
    </div>
  );
}
