import { Checkbox, Modal, Radio } from "@mantine/core";
import { useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useEffect, useRef, useState } from "react";
import type { GraceView, KeyView, ProblemView } from "../../ipc";
import { Button, ButtonLink, Progress } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { useNow } from "../../shared/useNow";
import { words as common } from "../../shared/words";
import { BulkKeys } from "./BulkKeys";
import { type BulkKind, type LeftKey, runBulk, type Step } from "./bulk";
import dialog from "./dialog.module.css";
import { GRACES, graceOf } from "./graces";
import { bulkWords as words } from "./words";

export interface Bulk {
  kind: BulkKind;
  /** Keys it is done to. */
  keys: readonly KeyView[];
  /** Keys that stay as they are, and why. */
  left: readonly LeftKey[];
  /** So many more that this computer has nothing of. */
  elsewhere: number;
  /** All that the workspace has. */
  every: boolean;
  /** Only a dashboard makes keys. */
  byHand: boolean;
  /** They stand in everybody's list. */
  others: boolean;
  /** Why it cannot be done at all. */
  problem: ProblemView | null;
}

interface BulkDialogProps {
  bulk: Bulk;
  /** Stands in its place until it is known. */
  waiting?: ReactNode;
  onClose: () => void;
  /** It is over; the keys it was done to. */
  onOver: (done: readonly string[]) => void;
}

type Stage = "asking" | "running" | "over";

/** Names what happens to several keys and who uses them, then does it and tells key by key what came of it. */
export function BulkDialog({ bulk, waiting = null, onClose, onOver }: BulkDialogProps) {
  const { kind, keys, left, elsewhere, every, byHand, others, problem } = bulk;
  const now = useNow(...keys.map(({ lastUsedAt }) => lastUsedAt));
  const client = useQueryClient();
  const [stage, setStage] = useState<Stage>("asking");
  const [sure, setSure] = useState(false);
  const [grace, setGrace] = useState<GraceView>("now");
  const [steps, setSteps] = useState<ReadonlyMap<string, Step>>(new Map());
  const stop = useRef<AbortController | null>(null);
  const [stopping, setStopping] = useState(false);
  useEffect(() => () => stop.current?.abort(), []);

  const ending = kind === "revoke" || kind === "forget" ? kind : null;
  const destroys = ending !== null;
  // One key is named in the title; of several, somebody has to say that all are meant.
  const asksTwice = destroys && keys.length > 1;
  const of = (state: Step["state"]) => keys.filter(({ id }) => steps.get(id)?.state === state);
  const run = (which: readonly KeyView[]) => {
    stop.current = new AbortController();
    setStopping(false);
    setStage("running");
    const after = new Map(steps);
    for (const { id } of which) after.set(id, { state: "waiting" });
    setSteps(after);
    const onStep = (id: string, step: Step) => {
      after.set(id, step);
      setSteps(new Map(after));
    };
    void runBulk(client, { kind, keys: which, grace, others, onStep, signal: stop.current.signal }).then(() => {
      setStage("over");
      onOver(keys.filter(({ id }) => after.get(id)?.state === "done").map(({ id }) => id));
    });
  };
  const failed = of("failed");
  const behind = keys.filter(({ id }) => steps.get(id)?.state !== "done");
  const done = keys.length - behind.length;
  const title = every && stage === "asking" ? words.everyTitle : words.title[kind](keys.length);

  return (
    <Modal
      opened
      onClose={onClose}
      size={560}
      // What is under way is called off first, and then told about.
      withCloseButton={stage !== "running"}
      closeOnEscape={stage !== "running"}
      closeOnClickOutside={stage === "asking"}
      title={<span className={dialog.title}>{title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={dialog.form}>
        {waiting !== null ? (
          waiting
        ) : stage === "asking" ? (
          <>
            {problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
            {keys.length === 0 ? <p className={dialog.sentence}>{words.noneToRotate}</p> : null}
            {keys.length === 0 || problem !== null ? null : (
              <div>
                <p className={dialog.sentence}>{words.uses(keys, now)}</p>
                <p className={dialog.sentence}>
                  {destroys ? (
                    <Mark tone="warn">{words.consequence[kind](keys.length)}</Mark>
                  ) : (
                    words.consequence[kind](keys.length)
                  )}
                </p>
                {kind === "rotate" && byHand ? <p className={dialog.sentence}>{words.byHand}</p> : null}
              </div>
            )}
            <BulkKeys keys={problem === null ? keys : []} left={left} steps={steps} kind={kind} />
            {elsewhere > 0 ? <p className={dialog.note}>{words.elsewhere(elsewhere)}</p> : null}
            {kind === "rotate" && keys.length > 0 && problem === null ? (
              <Radio.Group
                label={words.grace(keys.length)}
                value={grace}
                onChange={(value) => setGrace(graceOf(value))}
              >
                <div className={dialog.choices}>
                  {GRACES.map((each) => (
                    <Radio key={each} value={each} label={words.graces[each]} />
                  ))}
                </div>
              </Radio.Group>
            ) : null}
            {asksTwice && ending !== null ? (
              <Checkbox
                label={words.sure[ending](keys.length)}
                checked={sure}
                onChange={(event) => setSure(event.currentTarget.checked)}
              />
            ) : null}
            <footer className={dialog.footer}>
              <Button variant="default" onClick={onClose} data-autofocus>
                {common.cancel}
              </Button>
              {keys.length === 0 || problem !== null ? null : (
                <Button {...(destroys ? { color: "red" } : {})} disabled={asksTwice && !sure} onClick={() => run(keys)}>
                  {words.act[kind](keys.length)}
                </Button>
              )}
            </footer>
          </>
        ) : stage === "running" ? (
          <>
            <p className={dialog.sentence} role="status">
              {stopping ? words.stopping : words.progress(done + failed.length, keys.length)}
            </p>
            <Progress done={done + failed.length} all={keys.length} aria-label={title} />
            <BulkKeys keys={keys} left={[]} steps={steps} kind={kind} />
            <footer className={dialog.footer}>
              <Button
                variant="default"
                disabled={stopping}
                onClick={() => {
                  stop.current?.abort();
                  setStopping(true);
                }}
                data-autofocus
              >
                {words.stop}
              </Button>
            </footer>
          </>
        ) : (
          <>
            <div role="status">
              <p className={dialog.sentence}>
                <Mark tone={behind.length === 0 ? "good" : "warn"}>{words.result[kind](done, keys.length)}</Mark>
              </p>
              {behind.length === 0 ? null : <p className={dialog.sentence}>{words.rest[kind](behind.length)}</p>}
            </div>
            <BulkKeys keys={behind.length === 0 ? keys : behind} left={left} steps={steps} kind={kind} />
            <footer className={dialog.footer}>
              {behind.length === 0 ? null : (
                <Button variant="default" onClick={() => run(behind)}>
                  {words.again(behind.length)}
                </Button>
              )}
              {kind === "rotate" && done > 0 ? (
                <ButtonLink href="#/rotations" variant="default" onClick={onClose}>
                  {words.showRotations}
                </ButtonLink>
              ) : null}
              <Button onClick={onClose} data-autofocus>
                {common.done}
              </Button>
            </footer>
          </>
        )}
      </div>
    </Modal>
  );
}
