import type { ConnectionView, Reload } from "../../ipc";
import { Button, Spinner } from "../controls";
import { Mark } from "../Mark";
import { Rich } from "../Rich";
import { Tile } from "../Tile";
import { words } from "../words";
import classes from "./Proof.module.css";
import { useProbe } from "./useProbe";
import { proofWords } from "./words";

interface ProofProps {
  connections: readonly ConnectionView[];
  reloadOf: (client: string) => Reload;
}

/** Each connection is started the way its client will start it, and has to name its tools. */
export function Proof({ connections, reloadOf }: ProofProps) {
  return (
    <ul className={classes.list} aria-label={proofWords.label} aria-live="polite">
      {connections.map((connection) => (
        <ProofLine key={connection.id} connection={connection} reload={reloadOf(connection.client)} />
      ))}
    </ul>
  );
}

interface ProofLineProps {
  connection: ConnectionView;
  reload: Reload;
}

function ProofLine({ connection, reload }: ProofLineProps) {
  const probe = useProbe(connection.id, true);
  const problem = probe.error ?? probe.data?.problem ?? null;
  const tools = probe.data?.tools ?? [];
  const loads = proofWords.reload[reload](connection.clientName);
  return (
    <li className={classes.line}>
      <Tile id={connection.client} name={connection.clientName} />
      <div className={classes.words}>
        <p className={classes.name}>
          {connection.clientName}
          <span className={classes.arrow} aria-hidden="true">
            →
          </span>
          <span className={classes.result}>
            {probe.isFetching ? (
              <span className={classes.starting}>
                <Spinner size={12} aria-hidden="true" />
                {proofWords.starting}
              </span>
            ) : problem === null ? (
              <Mark tone="good">{proofWords.tools(tools.length)}</Mark>
            ) : (
              <Mark tone="bad">{problem.title}</Mark>
            )}
          </span>
        </p>
        <p className={classes.more}>
          {probe.isFetching ? (
            connection.path
          ) : problem === null ? (
            (loads ?? proofWords.took(probe.data?.tookMs ?? 0))
          ) : (
            <Rich text={[problem.detail, problem.hint].filter(Boolean).join(" ")} />
          )}
        </p>
      </div>
      {problem === null || probe.isFetching ? null : (
        <Button variant="default" onClick={() => void probe.refetch()}>
          {words.tryAgain}
        </Button>
      )}
    </li>
  );
}
