import { Button, Drawer, Loader } from "@mantine/core";
import type { ReactNode } from "react";
import type { ClientView, ConnectionView } from "../../ipc";
import { Mark } from "../../shared/Mark";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { useProbe } from "../../shared/plan";
import { RelativeTime } from "../../shared/RelativeTime";
import { Tile } from "../../shared/Tile";
import { words as common } from "../../shared/words";
import classes from "./ManageDrawer.module.css";
import { TONES } from "./state";
import { connectWords as words } from "./words";

interface ManageDrawerProps {
  client: ClientView;
  onClose: () => void;
  onDisconnect: () => void;
  onRewrite: () => void;
}

/** All about the connections of one client. */
export function ManageDrawer({ client, onClose, onDisconnect, onRewrite }: ManageDrawerProps) {
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
        <Connection key={connection.id} connection={connection} onRewrite={onRewrite} />
      ))}
      <p className={classes.reload}>{words.drawer.reload[client.reload]}</p>
      <Button variant="default" onClick={onDisconnect}>
        {words.drawer.disconnect}
      </Button>
    </Drawer>
  );
}

interface ConnectionProps {
  connection: ConnectionView;
  onRewrite: () => void;
}

function Connection({ connection, onRewrite }: ConnectionProps) {
  const { entry, problem } = connection;
  const explanation = words.explain[entry];
  return (
    <section className={classes.connection}>
      <Mark tone={TONES[entry]}>{words.state[entry]}</Mark>
      {explanation === null ? null : <p className={classes.explain}>{explanation}</p>}
      {problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
      {entry === "changed" || entry === "gone" ? (
        <Button variant="default" onClick={onRewrite}>
          {words.drawer.rewrite}
        </Button>
      ) : null}
      <dl className={classes.facts}>
        <Fact name={words.drawer.file}>
          <PathText path={connection.path} copies="path" />
        </Fact>
        <Fact name={words.drawer.entry}>
          <code>{connection.name}</code>
        </Fact>
        <Fact name={words.drawer.key}>{connection.keyName}</Fact>
        <Fact name={words.drawer.since}>
          <RelativeTime at={connection.createdAt} />
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
      <div className={classes.toolsHead}>
        <h3 className={classes.toolsTitle}>{words.drawer.tools}</h3>
        <Button variant="default" onClick={ask} disabled={probe.isFetching}>
          {probe.data === undefined && probe.error === null ? words.drawer.probe : words.drawer.probeAgain}
        </Button>
      </div>
      {probe.isFetching ? (
        <p className={classes.quiet}>
          <Loader size={12} aria-hidden="true" /> {words.drawer.asking}
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
