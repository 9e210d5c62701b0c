import { Modal } from "@mantine/core";
import { useState } from "react";
import { type AppliedView, type ClientView, Problem, type Reload, useAction, useView } from "../../ipc";
import { Button } from "../../shared/controls";
import { PlanPreview, Proof, usePlan, type Wish } from "../../shared/plan";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./ConnectFlow.module.css";
import { type Chosen, EntryOptions, hasOptions } from "./EntryOptions";
import { ServerChoice, useServerChoice } from "./ServerChoice";
import { connectWords as words } from "./words";

const MINUTE_MS = 60_000;

interface ConnectFlowProps {
  title: string;
  wish: Wish;
  /** The one client that is connected, where its options are offered. */
  client?: ClientView | undefined;
  reloadOf: (client: string) => Reload;
  onClose: () => void;
  /** What a toast says in the end; without it, who was connected. */
  said?: string | undefined;
}

/** Preview, write, proof: one dialog from wish to tools; one preview for each server that was ticked. */
export function ConnectFlow({ title, wish, client, reloadOf, onClose, said }: ConnectFlowProps) {
  const connects = wish.does === "connect";
  const servers = useView("servers_list", {}, { enabled: connects });
  const choice = useServerChoice(servers.data);
  const [at, setAt] = useState(0);
  const [done, setDone] = useState<readonly AppliedView[]>([]);
  const [proving, setProving] = useState(false);
  const [chosen, setChosen] = useState<Chosen>({});
  const undo = useAction("changes_undo");
  const server = choice.ticked[at] ?? null;
  const connected = done.flatMap((applied) => applied.connected);
  const names = [...new Set(connected.map(({ clientName }) => clientName))];

  // The toast outlives this dialog, so what follows hangs on the promises; the last change goes first.
  const takeBack = async (changes: readonly string[]) => {
    try {
      for (const change of changes.toReversed()) await undo.mutateAsync({ change });
      toast({ text: words.undone });
    } catch (thrown) {
      toastProblem(Problem.from(thrown));
    }
  };
  const offerUndo = (all: readonly AppliedView[]) => {
    const changes = all.flatMap(({ change }) => change ?? []);
    toast({
      text: said ?? words.connected(names),
      forMs: MINUTE_MS,
      about: changes,
      ...(changes.length === 0 ? {} : { action: { label: common.undo, run: () => void takeBack(changes) } }),
    });
  };
  const close = () => {
    if (flow.writing) return;
    if (connected.length > 0) offerUndo(done);
    onClose();
  };
  /** The next server's preview, or the proof of all. */
  const goOn = (all: readonly AppliedView[]) => {
    setDone(all);
    if (at + 1 < choice.ticked.length) return setAt(at + 1);
    if (all.some((applied) => applied.connected.length > 0)) return setProving(true);
    if (all.length > 0 && said !== undefined) offerUndo(all);
    onClose();
  };
  const several = choice.ticked.length > 1;
  const ready = !connects || (!servers.isPending && (!choice.several || server !== null));
  const flow = usePlan(
    connects ? { ...wish, ...chosen, ...(choice.several && server !== null ? { server: server.id } : {}) } : wish,
    (applied) => goOn([...done, applied]),
    ready,
  );

  return (
    <Modal
      opened
      onClose={close}
      size={1000}
      title={<span className={classes.title}>{proving ? words.proof(names) : title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {proving ? (
        <div className={classes.proof}>
          <p className={classes.note}>{words.proofNote}</p>
          <Proof connections={connected} reloadOf={reloadOf} />
          <footer className={classes.footer}>
            <Button onClick={close} data-autofocus>
              {common.done}
            </Button>
          </footer>
        </div>
      ) : (
        <>
          {choice.several && at === 0 && done.length === 0 ? (
            <ServerChoice servers={servers.data ?? []} choice={choice} />
          ) : null}
          {several && server !== null ? (
            <p className={classes.step} role="status">
              {words.servers.step(at + 1, choice.ticked.length, server.name)}
            </p>
          ) : null}
          {client !== undefined && connects && hasOptions(client) ? (
            <EntryOptions client={client} onChange={setChosen} />
          ) : null}
          {choice.several && server === null ? (
            <footer className={classes.footer}>
              <Button variant="default" onClick={close}>
                {common.cancel}
              </Button>
            </footer>
          ) : (
            <PlanPreview
              flow={flow}
              cancel={several ? words.servers.skip : common.cancel}
              onCancel={() => (several ? goOn(done) : close())}
              unwritten={words.unwritten(wish)}
            />
          )}
        </>
      )}
    </Modal>
  );
}
