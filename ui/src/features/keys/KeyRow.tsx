import { IconCopy, IconDots } from "@tabler/icons-react";
import { type MouseEvent, memo, type ReactNode } from "react";
import type { KeyView } from "../../ipc";
import { IconButton, Tick } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { RelativeTime } from "../../shared/RelativeTime";
import { Tile } from "../../shared/Tile";
import { Expires } from "./Expires";
import classes from "./KeyList.module.css";
import type { Offers } from "./offers";
import { Rename } from "./Rename";
import { keysWords as words } from "./words";

/** What a row asks of the list. */
export type RowDeed = { target: KeyView; index: number } & (
  | { does: "show" | "copy" | "choose" | "choose-to" }
  | { does: "menu"; at: DOMRect }
  | { does: "renamed"; byKey: boolean }
);

interface KeyRowProps {
  target: KeyView;
  showState: boolean;
  index: number;
  offers: Offers;
  /** Keys go to it; its controls are reached with Tab. */
  active: boolean;
  chosen: boolean;
  renaming: boolean;
  /** It is being copied. */
  busy: boolean;
  onDeed: (deed: RowDeed) => void;
}

/** One key: its name, its visible ends, what it may do and who uses it. */
export const KeyRow = memo(function KeyRow(props: KeyRowProps) {
  const { target, showState, index, offers, active, chosen, renaming, busy, onDeed } = props;
  const { name, state, stowed, lastUsedAt, createdAt } = target;
  const tab = active ? 0 : -1;
  const deed = (does: "show" | "copy" | "choose" | "choose-to") => onDeed({ does, target, index });
  const onClick = (event: MouseEvent<HTMLDivElement>) => {
    // What is pressed inside does what it says; elsewhere the row does.
    if (event.target instanceof Element && event.target.closest("[data-own], [role='textbox'], input") !== null) return;
    if (event.shiftKey) deed("choose-to");
    else if (event.ctrlKey || event.metaKey) deed("choose");
    else deed("show");
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the list hears the keys of all its rows
    <div
      className={classes.row}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={chosen}
      data-index={index}
      tabIndex={tab}
      onClick={renaming ? undefined : onClick}
    >
      <Cell>
        <Tick
          tabIndex={tab}
          aria-label={words.choose(name)}
          checked={chosen}
          onClick={(event) => deed(event.shiftKey ? "choose-to" : "choose")}
          // The click says it all: a change does not tell whether Shift was held.
          onChange={() => {}}
        />
      </Cell>
      <Cell>
        {renaming ? (
          <Rename target={target} onDone={(byKey) => onDeed({ does: "renamed", target, index, byKey })} />
        ) : (
          <button type="button" className={classes.name} tabIndex={tab} data-tip={name.length > 24 ? name : undefined}>
            {name}
          </button>
        )}
        {showState && state !== "enabled" && !renaming ? (
          <Mark tone={state === "paused" ? "paused" : "warn"}>{words.state[state]}</Mark>
        ) : null}
      </Cell>
      <Cell>
        <code className={classes.masked}>{target.masked}</code>
        {stowed ? (
          <IconButton
            size={24}
            tabIndex={tab}
            data-own
            data-tip={words.copy}
            aria-label={words.copyKey(name)}
            onClick={() => deed("copy")}
            loading={busy}
          >
            <IconCopy size={14} aria-hidden="true" />
          </IconButton>
        ) : null}
      </Cell>
      <Cell column="scopes">
        <Scopes target={target} tab={tab} />
      </Cell>
      <Cell column="usedBy">
        {offers.others ? (
          <span className={classes.quiet}>{target.owner ?? words.noOwner}</span>
        ) : (
          <UsedBy target={target} />
        )}
      </Cell>
      <Cell quiet column="created">
        {createdAt === null ? null : <RelativeTime at={createdAt} />}
      </Cell>
      <Cell quiet column="lastUsed">
        {lastUsedAt === null ? words.neverUsed : <RelativeTime at={lastUsedAt} />}
      </Cell>
      <Cell quiet column="expires">
        <Expires target={target} />
      </Cell>
      <Cell>
        <IconButton
          tabIndex={tab}
          data-own
          aria-label={words.actions(name)}
          aria-haspopup="menu"
          onClick={(event) => onDeed({ does: "menu", target, index, at: event.currentTarget.getBoundingClientRect() })}
        >
          <IconDots size={16} aria-hidden="true" />
        </IconButton>
      </Cell>
    </div>
  );
});

interface CellProps {
  children: ReactNode;
  quiet?: boolean;
  column?: string;
}

function Cell({ children, quiet = false, column }: CellProps) {
  return (
    <div className={quiet ? classes.quiet : classes.cell} role="gridcell" data-column={column}>
      {children}
    </div>
  );
}

/** What a key may do, as far as there is room; the rest as a tip. */
function Scopes({ target, tab }: { target: KeyView; tab: number }) {
  const { scopes, readOnly, preset } = target;
  const limits = [readOnly ? words.readOnly : null, preset === "full" ? null : preset].filter(
    (limit, at, all) => limit !== null && all.indexOf(limit) === at,
  );
  const [first, ...rest] = limits.length > 0 ? [...limits, ...scopes] : scopes;
  if (first == null) return <span className={classes.quiet}>{words.everything}</span>;
  return (
    <>
      <span className={classes.scope}>{first}</span>
      {rest.length === 0 ? null : (
        <span className={classes.more} data-own tabIndex={tab} data-tip={rest.join("\n")}>
          +{rest.length}
          <span className="ks-hidden">: {rest.join(", ")}</span>
        </span>
      )}
    </>
  );
}

/** Clients that a row has room for. */
const TILES = 3;

function UsedBy({ target }: { target: KeyView }) {
  const { usedBy, stowed, retiresAt } = target;
  if (retiresAt !== null && usedBy.length === 0) {
    return (
      <span data-tip={words.replacedNote}>
        <Mark tone="quiet">{words.replaced}</Mark>
      </span>
    );
  }
  if (!stowed) {
    return (
      <span className={classes.notHere} data-tip={words.notHereNote}>
        {words.notHere}
      </span>
    );
  }
  const clients = [...new Map(usedBy.map((use) => [use.client, use])).values()];
  const [only] = clients;
  if (only === undefined) return <span className={classes.quiet}>{words.noClient}</span>;
  if (clients.length === 1) {
    return (
      <span className={classes.chip}>
        <Tile id={only.client} name={only.name} size="sm" />
        <span>{only.name}</span>
      </span>
    );
  }
  const names = clients.map((use) => use.name);
  return (
    <span className={classes.cell} data-tip={names.join("\n")}>
      {clients.slice(0, TILES).map((use) => (
        <Tile key={use.client} id={use.client} name={use.name} size="sm" />
      ))}
      {clients.length > TILES ? <span className={classes.quiet}>+{clients.length - TILES}</span> : null}
      <span className="ks-hidden">{names.join(", ")}</span>
    </span>
  );
}
