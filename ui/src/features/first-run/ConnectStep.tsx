import { IconLockCheck, IconPlugConnected } from "@tabler/icons-react";
import { useState } from "react";
import { type AppliedView, type ClientView, type ServerView, useAction, useView } from "../../ipc";
import { Button, Skeleton, Tick } from "../../shared/controls";
import { EmptyState } from "../../shared/EmptyState";
import { Mark } from "../../shared/Mark";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { PlanPreview, Proof, usePlan } from "../../shared/plan";
import { Tile } from "../../shared/Tile";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./FirstRunPage.module.css";
import { firstRunWords } from "./words";

const words = firstRunWords.connect;

interface ConnectStepProps {
  onDone: () => void;
}

/** Clients found, ticked; then the preview; then the proof. */
export function ConnectStep({ onDone }: ConnectStepProps) {
  const clients = useView("clients_list", {});
  const servers = useView("servers_list", {});
  const [unticked, setUnticked] = useState<ReadonlySet<string>>(new Set());
  const [wanted, setWanted] = useState<readonly string[] | null>(null);
  const [applied, setApplied] = useState<AppliedView | null>(null);

  const all = clients.data ?? [];
  const found = all.filter((client) => client.found);
  const chosen = found.filter((client) => client.connections.length === 0 && !unticked.has(client.id));

  if (applied !== null) {
    const again = () => {
      setApplied(null);
      setWanted(null);
    };
    return <End applied={applied} clients={all} onUndone={again} onDone={onDone} />;
  }
  if (wanted !== null) {
    return <Preview clients={wanted} onBack={() => setWanted(null)} onApplied={setApplied} />;
  }
  if (clients.isPending) return <Skeleton height={220} />;
  if (clients.error !== null) {
    return (
      <ProblemAlert problem={clients.error} onRetry={() => void clients.refetch()} retrying={clients.isFetching} />
    );
  }
  const toggle = (id: string) => {
    const next = new Set(unticked);
    if (!next.delete(id)) next.add(id);
    setUnticked(next);
  };
  if (found.length === 0) {
    return (
      <div className={classes.none}>
        <EmptyState
          icon={IconPlugConnected}
          title={words.none.title}
          text={words.none.text}
          action={
            <div className={classes.buttons}>
              <Button variant="default" onClick={onDone}>
                {words.open}
              </Button>
              <Button onClick={() => void clients.refetch()} loading={clients.isFetching}>
                {words.none.action}
              </Button>
            </div>
          }
        />
      </div>
    );
  }
  const absent = all.filter((client) => !client.found);
  return (
    <section className={classes.card} aria-label={firstRunWords.steps.connect}>
      <h2 className={classes.heading}>{words.heading}</h2>
      <p className={classes.text}>{words.text}</p>
      <Servers servers={servers.data ?? []} />
      <ul className={classes.clients}>
        {found.map((client) => (
          <ClientLine
            key={client.id}
            client={client}
            ticked={!unticked.has(client.id)}
            onToggle={() => toggle(client.id)}
          />
        ))}
      </ul>
      {absent.length === 0 ? null : <p className={classes.note}>{words.absent(absent.map(({ name }) => name))}</p>}
      <div className={classes.buttons}>
        {found.every((client) => client.connections.length > 0) ? (
          <Button onClick={onDone}>{words.open}</Button>
        ) : (
          <Button onClick={() => setWanted(chosen.map(({ id }) => id))} disabled={chosen.length === 0}>
            {words.preview(chosen.length)}
          </Button>
        )}
      </div>
    </section>
  );
}

/** Which server is connected, and which are left out because of what they can do. */
function Servers({ servers }: { servers: readonly ServerView[] }) {
  const [first, ...more] = servers.filter(({ caution }) => caution === null);
  const risky = servers.filter(({ caution }) => caution !== null);
  if (more.length === 0 && risky.length === 0) return null;
  return (
    <div className={classes.servers}>
      <p className={classes.text}>
        {first === undefined ? words.noServer : words.server(first.name)}
        {more.length === 0 ? null : ` ${words.moreServers(more.map(({ name }) => name))}`}
      </p>
      {risky.map(({ id, name, caution }) => (
        <p key={id} className={classes.text}>
          <Mark tone="warn">{words.risky(name, caution ?? "")}</Mark>
        </p>
      ))}
    </div>
  );
}

interface ClientLineProps {
  client: ClientView;
  ticked: boolean;
  onToggle: () => void;
}

function ClientLine({ client, ticked, onToggle }: ClientLineProps) {
  const path = client.targets[0]?.path;
  const connected = client.connections.length > 0;
  return (
    <li>
      {/* biome-ignore lint/a11y/noLabelWithoutControl: the checkbox stands inside */}
      <label className={classes.client}>
        {connected ? (
          <span className={classes.tick} />
        ) : (
          <Tick checked={ticked} onChange={onToggle} aria-label={client.name} />
        )}
        <Tile id={client.id} name={client.name} />
        <span className={classes.clientWords}>
          <span className={classes.clientName}>{client.name}</span>
          {path === undefined ? null : <PathText path={path} />}
        </span>
        {connected ? <Mark tone="good">{words.connected}</Mark> : null}
      </label>
    </li>
  );
}

interface PreviewProps {
  clients: readonly string[];
  onBack: () => void;
  onApplied: (applied: AppliedView) => void;
}

function Preview({ clients, onBack, onApplied }: PreviewProps) {
  const flow = usePlan({ does: "connect", clients }, onApplied);
  return (
    <section className={classes.wide} aria-label={words.previewHeading}>
      <h2 className={classes.heading}>{words.previewHeading}</h2>
      <PlanPreview flow={flow} cancel={words.backToList} onCancel={onBack} unwritten={null} />
    </section>
  );
}

interface EndProps {
  applied: AppliedView;
  clients: readonly ClientView[];
  onUndone: () => void;
  onDone: () => void;
}

function End({ applied, clients, onUndone, onDone }: EndProps) {
  const undo = useAction("changes_undo");
  const { change } = applied;
  return (
    <section className={classes.end} aria-label={words.proof}>
      <h2 className={classes.heading}>{words.proof}</h2>
      <Proof
        connections={applied.connected}
        reloadOf={(id) => clients.find((client) => client.id === id)?.reload ?? "restart"}
      />
      <p className={classes.sentence}>
        <IconLockCheck size={18} stroke={1.75} aria-hidden="true" />
        {words.end}
      </p>
      <div className={classes.buttons}>
        {change === null ? null : (
          <Button
            variant="default"
            loading={undo.isPending}
            onClick={() =>
              undo.mutate(
                { change },
                {
                  onSuccess: () => {
                    toast({ text: common.restored });
                    onUndone();
                  },
                  onError: toastProblem,
                },
              )
            }
          >
            {common.undo}
          </Button>
        )}
        <Button onClick={onDone}>{words.open}</Button>
      </div>
    </section>
  );
}
