import { Drawer } from "@mantine/core";
import { type ReactNode, useState } from "react";
import type { ClientView, ConnectionView, EntryState, RepairAction } from "../../ipc";
import { Button, Spinner } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { useProbe } from "../../shared/plan";
import { RelativeTime } from "../../shared/RelativeTime";
import { Tile } from "../../shared/Tile";
import { words as common } from "../../shared/words";
import { Drift } from "./Drift";
import classes from "./ManageDrawer.module.css";
import { TONES } from "./state";
import { connectWords as words } from "./words";

interface ManageDrawerProps {
  client: ClientView;
  onClose: () => void;
  onDisconnect: () => void;
  onLinks: () => void;
  onRepair: (connection: ConnectionView, action: RepairAction) => void;
}

/** What can be done about an entry, the likeliest first. */
const REPAIRS: Record<EntryState, readonly RepairAction[]> = {
  fine: [],
  stale: ["restore"],
  changed: ["restore", "adopt", "forget"],
  gone: ["restore", "forget"],
  wiped: ["restore", "forget"],
  unreadable: ["forget"],
};

/** All about the connections of one client. */
export function ManageDrawer({ client, onClose, onDisconnect, onLinks, onRepair }: ManageDrawerProps) {
  return (
    <Drawer
      opened
      onClose={onClose}
      size={420}
      title={
        <span className={classes.title}>
          <Tile id={client.id} name={client.name} />
          {client.name}
        </span>
      }
      closeButtonProps={{ "aria-label": common.close }}
    >
      {client.connections.map((connection) => (
        <Connection key={connection.id} client={client} connection={connection} onRepair={onRepair} />
      ))}
      <p className={classes.reload}>{words.drawer.reload[client.reload]}</p>
      {client.note === null ? null : <p className={classes.reload}>{client.note}</p>}
      <div className={classes.repairs}>
        <Button variant="default" onClick={onDisconnect}>
          {words.drawer.disconnect}
        </Button>
        {client.links ? (
          <Button variant="subtle" onClick={onLinks}>
            {words.links.button}
          </Button>
        ) : null}
      </div>
    </Drawer>
  );
}

interface ConnectionProps {
  client: ClientView;
  connection: ConnectionView;
  onRepair: (connection: ConnectionView, action: RepairAction) => void;
}

function Connection({ client, connection, onRepair }: ConnectionProps) {
  const { entry, problem } = connection;
  const [comparing, setComparing] = useState(false);
  const explanation = words.explain[entry];
  const comparable = REPAIRS[entry].length > 0 && entry !== "unreadable";
  return (
    <section className={classes.connection}>
      <div className={classes.head}>
        <Mark tone={TONES[entry]}>{words.state[entry]}</Mark>
        {comparable ? (
          <Button variant="subtle" onClick={() => setComparing(true)}>
            {words.drawer.compare}
          </Button>
        ) : null}
      </div>
      {explanation === null ? null : <p className={classes.explain}>{explanation}</p>}
      {problem === null || entry !== "unreadable" ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
      {REPAIRS[entry].length === 0 ? null : (
        <div className={classes.repairs}>
          {REPAIRS[entry].map((action) => (
            <Button key={action} variant="default" onClick={() => onRepair(connection, action)}>
              {words.drawer.repair[action]}
            </Button>
          ))}
        </div>
      )}
      {comparing ? (
        <Drift
          connection={connection}
          ways={REPAIRS[entry]}
          onRepair={(action) => {
            setComparing(false);
            onRepair(connection, action);
          }}
          onClose={() => setComparing(false)}
        />
      ) : null}
      <dl className={classes.facts}>
        {connection.path === "" ? null : (
          <Fact name={words.drawer.file}>
            <PathText path={connection.path} copies={common.path} />
          </Fact>
        )}
        <Fact name={words.drawer.mode}>{words.options.modes[connection.mode]}</Fact>
        <Fact name={words.drawer.entry}>
          <code>{connection.name}</code>
        </Fact>
        <Fact name={words.drawer.key}>{connection.keyName}</Fact>
        <Fact name={words.drawer.since}>
          <RelativeTime at={connection.createdAt} />
        </Fact>
        <Fact name={words.drawer.known}>
          {words.drawer.knownBy(words.drawer.knownFrom[client.checked], client.checkedVersion, client.checkedOn)}
        </Fact>
      </dl>
      <Tools connection={connection.id} />
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className={classes.fact}>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** What the entry offers, as far as it was asked; asking starts it. */
function Tools({ connection }: { connection: string }) {
  const probe = useProbe(connection, false);
  const problem = probe.error ?? probe.data?.problem ?? null;
  const ask = () => void probe.refetch();
  return (
    <div className={classes.tools} aria-live="polite">
      <div className={classes.head}>
        <h3 className={classes.toolsTitle}>{words.drawer.tools}</h3>
        <Button variant="default" onClick={ask} disabled={probe.isFetching}>
          {probe.data === undefined && probe.error === null ? words.drawer.probe : words.drawer.probeAgain}
        </Button>
      </div>
      {probe.isFetching ? (
        <p className={classes.quiet}>
          <Spinner size={12} aria-hidden="true" /> {words.drawer.asking}
        </p>
      ) : problem !== null ? (
        <ProblemAlert problem={problem} onRetry={ask} />
      ) : probe.data === undefined ? (
        <p className={classes.quiet}>{words.drawer.never}</p>
      ) : (
        <>
          <p className={classes.quiet}>
            <Mark tone="good">{words.tools(probe.data.tools.length)}</Mark> <RelativeTime at={probe.dataUpdatedAt} />
          </p>
          <ul className={classes.names}>
            {probe.data.tools.map((tool) => (
              <li key={tool}>
                <code>{tool}</code>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
