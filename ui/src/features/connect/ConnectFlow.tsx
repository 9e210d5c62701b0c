import { Button, Modal } from "@mantine/core";
import { useState } from "react";
import { type AppliedView, type ClientView, type Reload, useAction } from "../../ipc";
import { PlanPreview, Proof, usePlan, type Wish } from "../../shared/plan";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./ConnectFlow.module.css";
import { type Chosen, EntryOptions, hasOptions } from "./EntryOptions";
import { connectWords as words } from "./words";

const MINUTE_MS = 60_000;

interface ConnectFlowProps {
  title: string;
  wish: Wish;
  /** The one client that is connected, where its options are offered. */
  client?: ClientView | undefined;
  reloadOf: (client: string) => Reload;
  onClose: () => void;
  /** What a toast says once nothing is left to prove. */
  disconnected: string;
}

/** Preview, write, proof: one dialog from wish to tools. */
export function ConnectFlow({ title, wish, client, reloadOf, onClose, disconnected }: ConnectFlowProps) {
  const [applied, setApplied] = useState<AppliedView | null>(null);
  const undo = useAction("changes_undo");
  const proving = applied !== null && applied.connected.length > 0;
  const names = applied?.connected.map((connection) => connection.clientName) ?? [];

  // The toast outlives this dialog, so what follows hangs on the promise.
  const takeBack = (change: string) =>
    undo.mutateAsync({ change }).then(() => toast({ text: words.undone }), toastProblem);
  const offerUndo = (done: AppliedView, text: string) => {
    const change = done.change;
    toast({
      text,
      forMs: MINUTE_MS,
      ...(change === null ? {} : { action: { label: common.undo, run: () => takeBack(change) } }),
    });
  };

  const [chosen, setChosen] = useState<Chosen>({});
  const flow = usePlan(wish.does === "connect" ? { ...wish, ...chosen } : wish, (done) => {
    if (done.connected.length > 0) return setApplied(done);
    offerUndo(done, disconnected);
    onClose();
  });
  const close = () => {
    if (flow.writing) return;
    if (applied !== null && proving) offerUndo(applied, words.connected(names));
    onClose();
  };

  return (
    <Modal
      opened
      onClose={close}
      size={1000}
      title={<span className={classes.title}>{proving ? words.proof(names) : title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {applied !== null && proving ? (
        <div className={classes.proof}>
          <p className={classes.note}>{words.proofNote}</p>
          <Proof connections={applied.connected} reloadOf={reloadOf} />
          <footer className={classes.footer}>
            <Button onClick={close} data-autofocus>
              {common.done}
            </Button>
          </footer>
        </div>
      ) : (
        <>
          {client !== undefined && wish.does === "connect" && hasOptions(client) ? (
            <EntryOptions client={client} onChange={setChosen} />
          ) : null}
          <PlanPreview flow={flow} cancel={common.cancel} onCancel={close} unwritten={words.unwritten(wish)} />
        </>
      )}
    </Modal>
  );
}
