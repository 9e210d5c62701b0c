import { Chip } from "@mantine/core";
import { useEffect, useState } from "react";
import { type AppliedView, type ConnectLinkView, useView } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { PlanPreview, Proof, usePlan } from "../../shared/plan";
import { words as common } from "../../shared/words";
import classes from "./LinkDialog.module.css";
import { linkWords } from "./words";

const words = linkWords.connect;

interface ConnectLinkProps {
  link: ConnectLinkView;
  onBusy: (busy: boolean) => void;
  onClose: () => void;
}

/** Which clients, what would be written into which file, and what came of it. */
export function ConnectLink({ link, onBusy, onClose }: ConnectLinkProps) {
  const [ticked, setTicked] = useState(link.clients.map(({ id }) => id));
  const [applied, setApplied] = useState<AppliedView | null>(null);
  const clients = useView("clients_list", {});
  const named = link.clients.map(({ id, name }) => ({ id, name }));
  const found = (clients.data ?? [])
    .filter(({ id, found, targets }) => found && targets.length > 0 && !named.some((each) => each.id === id))
    .map(({ id, name }) => ({ id, name }));
  const flow = usePlan(
    {
      does: "connect",
      clients: ticked,
      server: link.server,
      workspace: link.workspace ?? undefined,
      name: link.name ?? undefined,
    },
    (done) => {
      if (done.connected.length > 0) setApplied(done);
      else onClose();
    },
    ticked.length > 0,
  );
  useEffect(() => onBusy(flow.writing), [flow.writing, onBusy]);
  if (applied !== null) {
    return (
      <>
        <Proof
          connections={applied.connected}
          reloadOf={(id) => clients.data?.find((client) => client.id === id)?.reload ?? "restart"}
        />
        <footer className={classes.footer}>
          <Button onClick={onClose} data-autofocus>
            {common.done}
          </Button>
        </footer>
      </>
    );
  }
  return (
    <>
      <fieldset className={classes.clients}>
        <legend>{named.length === 0 ? words.choose : words.clients}</legend>
        {clients.data === undefined && named.length === 0 ? (
          <Skeleton width={280} height={28} />
        ) : (
          <Chip.Group multiple value={ticked} onChange={setTicked}>
            <div className={classes.chips}>
              {[...named, ...found].map(({ id, name }) => (
                <Chip key={id} value={id} disabled={flow.writing}>
                  {name}
                </Chip>
              ))}
            </div>
          </Chip.Group>
        )}
      </fieldset>
      {ticked.length === 0 ? (
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {common.cancel}
          </Button>
        </footer>
      ) : (
        <PlanPreview flow={flow} cancel={common.cancel} onCancel={onClose} unwritten={null} cautious />
      )}
    </>
  );
}
