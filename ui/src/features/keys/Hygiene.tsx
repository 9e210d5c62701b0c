import { type HygieneView, useView } from "../../ipc";
import { Skeleton } from "../../shared/controls";
import { number } from "../../shared/language";
import classes from "./Hygiene.module.css";
import { hygieneWords as words } from "./words";

export const CARDS = [
  "expiring",
  "neverExpire",
  "idle",
  "unused",
  "orphans",
] as const satisfies readonly (keyof HygieneView)[];
export type Card = (typeof CARDS)[number];

/** Ids of the keys that a card stands for, in the workspace in use. */
export function idsOf(view: HygieneView | undefined, card: Card, workspace: string): string[] {
  return view?.[card].filter((each) => each.workspace === workspace).map(({ id }) => id) ?? [];
}

interface HygieneProps {
  workspace: string;
  chosen: Card | null;
  onChoose: (card: Card | null) => void;
}

/** What to look at among the keys; each card filters the list. Gone where it cannot be told: the list stands alone. */
export function Hygiene({ workspace, chosen, onChoose }: HygieneProps) {
  const hygiene = useView("keys_hygiene", {});
  if (hygiene.error !== null) return null;
  if (hygiene.data === undefined) {
    return (
      <div className={classes.cards} aria-hidden="true">
        {CARDS.map((card) => (
          <Skeleton key={card} height={28} width={112} />
        ))}
      </div>
    );
  }
  return (
    <fieldset className={classes.cards} aria-label={words.title}>
      {CARDS.map((card) => {
        const amount = idsOf(hygiene.data, card, workspace).length;
        return (
          <button
            key={card}
            type="button"
            className={classes.card}
            aria-pressed={chosen === card}
            disabled={amount === 0 && chosen !== card}
            title={words.cards[card].text}
            onClick={() => onChoose(chosen === card ? null : card)}
          >
            {words.cards[card].title} <span className={classes.count}>{number(amount)}</span>
          </button>
        );
      })}
    </fieldset>
  );
}
