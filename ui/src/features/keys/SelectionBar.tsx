import { IconPlayerPause, IconPlayerPlay, IconRefresh, IconTrash, IconX } from "@tabler/icons-react";
import { useLayoutEffect } from "react";
import type { KeyView } from "../../ipc";
import { Button } from "../../shared/controls";
import { type BulkKind, kindsOf, sortOut } from "./bulk";
import type { Offers } from "./offers";
import classes from "./SelectionBar.module.css";
import { MOST_CHOSEN } from "./useSelection";
import { bulkWords as words } from "./words";

const ICONS = {
  pause: IconPlayerPause,
  resume: IconPlayerPlay,
  rotate: IconRefresh,
  revoke: IconTrash,
  forget: IconTrash,
} as const;

interface SelectionBarProps {
  chosen: ReadonlyMap<string, KeyView>;
  /** How many keys the list has. */
  total: number;
  offers: Offers;
  /** Further keys are being read. */
  reading: boolean;
  onAll: () => void;
  onClear: () => void;
  onBulk: (kind: BulkKind) => void;
}

/** What can be done with the keys that are chosen, at the foot of the list. */
export function SelectionBar({ chosen, total, offers, reading, onAll, onClear, onBulk }: SelectionBarProps) {
  const kinds = kindsOf(offers).filter((kind) => sortOut(kind, chosen.values()).go.length > 0);
  const all = Math.min(total, MOST_CHOSEN);
  // It may have come up over the very line that was chosen.
  useLayoutEffect(() => document.activeElement?.closest('[role="row"]')?.scrollIntoView({ block: "nearest" }), []);
  return (
    <div className={classes.bar} role="toolbar" aria-label={words.bar}>
      <span className={classes.count} role="status">
        {words.chosen(chosen.size)}
      </span>
      {chosen.size < all ? (
        <Button variant="subtle" onClick={onAll} loading={reading}>
          {total > MOST_CHOSEN ? words.chooseFirst(MOST_CHOSEN) : words.chooseAll(total)}
        </Button>
      ) : null}
      <span className={classes.gap} />
      {kinds.map((kind) => {
        const Shape = ICONS[kind];
        return (
          <Button
            key={kind}
            variant="default"
            {...(kind === "revoke" || kind === "forget" ? { className: classes.destroys } : {})}
            icon={<Shape size={14} aria-hidden="true" />}
            onClick={() => onBulk(kind)}
          >
            {words.verbs[kind]}
          </Button>
        );
      })}
      <Button
        variant="subtle"
        icon={<IconX size={14} aria-hidden="true" />}
        aria-keyshortcuts="Escape"
        onClick={onClear}
      >
        {words.clear}
      </Button>
    </div>
  );
}
