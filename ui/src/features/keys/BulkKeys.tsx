import { useEffect, useRef } from "react";
import type { KeyView } from "../../ipc";
import { Spinner } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { RelativeTime } from "../../shared/RelativeTime";
import { listed } from "../../shared/words";
import classes from "./BulkKeys.module.css";
import type { BulkKind, LeftKey, Step } from "./bulk";
import { keysWords, bulkWords as words } from "./words";

/** Lines that are drawn: more are counted. */
const MOST = 100;

interface BulkKeysProps {
  keys: readonly KeyView[];
  left: readonly LeftKey[];
  steps: ReadonlyMap<string, Step>;
  kind: BulkKind;
}

/** The keys by name, who uses them, and how far each is; then those that stay as they are, and why. */
export function BulkKeys({ keys, left, steps, kind }: BulkKeysProps) {
  const list = useRef<HTMLUListElement>(null);
  const doing = keys.findIndex(({ id }) => steps.get(id)?.state === "doing");
  useEffect(() => {
    if (doing >= 0) list.current?.querySelector(`[data-at="${doing}"]`)?.scrollIntoView({ block: "nearest" });
  }, [doing]);
  if (keys.length + left.length === 0) return null;
  const from = doing < MOST ? 0 : doing - MOST + 1;
  const shown = keys.slice(from, from + MOST);
  const cut = keys.length - shown.length;
  return (
    // What scrolls is reached with Tab, or nobody without a mouse sees its end.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls
    <ul ref={list} className={classes.keys} aria-label={words.keys} tabIndex={0}>
      {shown.map((key, index) => (
        <li key={key.id} className={classes.key} data-at={from + index}>
          <span className={classes.name}>{key.name}</span>
          <Told target={key} step={steps.get(key.id)} kind={kind} />
        </li>
      ))}
      {cut > 0 ? <li className={classes.key}>{words.more(cut)}</li> : null}
      {left.slice(0, MOST).map(({ id, name, reason }) => (
        <li key={id} className={classes.key} data-left>
          <span className={classes.name}>{name}</span>
          <span className={classes.told}>
            {words.stays} {words.reasons[reason]}
          </span>
        </li>
      ))}
      {left.length > MOST ? <li className={classes.key}>{words.moreStay(left.length - MOST)}</li> : null}
    </ul>
  );
}

interface ToldProps {
  target: KeyView;
  step: Step | undefined;
  kind: BulkKind;
}

function Told({ target: { usedBy, lastUsedAt, owner }, step, kind }: ToldProps) {
  if (step === undefined) {
    const users = [...new Set(usedBy.map(({ name }) => name))];
    return (
      <span className={classes.told}>
        {owner ?? (users.length === 0 ? keysWords.noClient : listed(users))}
        {" · "}
        {lastUsedAt === null ? words.neverUsed : <RelativeTime at={lastUsedAt} />}
      </span>
    );
  }
  if (step.state === "doing") return <Spinner size={12} aria-label={words.states.doing} />;
  if (step.state === "failed") {
    return (
      <span className={classes.failed}>
        <Mark tone="bad">{step.problem.title}</Mark>
        <span className={classes.why}>
          {step.problem.detail} {step.problem.hint}
        </span>
      </span>
    );
  }
  if (step.state === "done") return <Mark tone="good">{words.done[kind]}</Mark>;
  return <span className={classes.told}>{words.states[step.state]}</span>;
}
