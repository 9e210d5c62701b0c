import { memo } from "react";
import type { ClientView } from "../../ipc";
import { Button, Tick } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { PathText } from "../../shared/PathText";
import { useProbe } from "../../shared/plan";
import { Tile } from "../../shared/Tile";
import classes from "./ClientCard.module.css";
import { stateOf, TONES } from "./state";
import { connectWords as words } from "./words";

interface ClientCardProps {
  client: ClientView;
  selected: boolean;
  below: boolean;
  onSelect: (client: string, selected: boolean) => void;
  onConnect: (client: ClientView) => void;
  onManage: (client: string) => void;
}

/** How many files it reads, and which version that is known of. */
function aboutFiles({ targets, checkedVersion }: ClientView): string {
  const version = checkedVersion === null ? null : words.version(checkedVersion);
  return [words.files(targets.length), version].filter(Boolean).join(" · ");
}

/** A client on this computer: where it stands, its settings file, one button. */
export const ClientCard = memo(function ClientCard(props: ClientCardProps) {
  const { client, selected, below, onSelect, onConnect, onManage } = props;
  const state = stateOf(client);
  const connection = client.connections[0];
  const path = connection?.path ?? client.targets[0]?.path;
  const unverified = words.checked[client.checked];
  return (
    <article
      className={classes.card}
      aria-label={client.name}
      data-selected={selected && state === "none"}
      data-below={below || undefined}
    >
      <div className={classes.head}>
        <Tile id={client.id} name={client.name} />
        <div className={classes.words}>
          <h3 className={classes.name}>{client.name}</h3>
          <Mark tone={TONES[state]}>
            {words.state[state]}
            {connection !== undefined && state === "fine" ? <ToolCount connection={connection.id} /> : null}
          </Mark>
        </div>
        {state === "none" ? (
          <Tick
            aria-label={words.select(client.name)}
            checked={selected}
            onChange={(event) => onSelect(client.id, event.currentTarget.checked)}
          />
        ) : null}
      </div>
      <div className={classes.path}>{path === undefined ? null : <PathText path={path} />}</div>
      <div className={classes.foot}>
        {unverified === null ? (
          <span className={classes.own}>{connection?.keyName ?? aboutFiles(client)}</span>
        ) : (
          // biome-ignore lint/a11y/noNoninteractiveTabindex: its explanation must be reachable by keyboard
          <span className={classes.unverified} tabIndex={0} data-tip={words.unverifiedNote(client.checkedOn)}>
            {unverified}
            <span className="ks-hidden">: {words.unverifiedNote(client.checkedOn)}</span>
          </span>
        )}
        {state === "none" ? (
          <Button variant="default" onClick={() => onConnect(client)} aria-label={words.connectNamed(client.name)}>
            {words.connect}
          </Button>
        ) : (
          <Button
            variant="default"
            onClick={() => onManage(client.id)}
            aria-label={state === "fine" ? words.manageNamed(client.name) : words.reviewNamed(client.name)}
          >
            {state === "fine" ? words.manage : words.review}
          </Button>
        )}
      </div>
    </article>
  );
});

/** How many tools it had when it was last proved. */
function ToolCount({ connection }: { connection: string }) {
  const { data } = useProbe(connection, false);
  return data?.problem === null ? ` · ${words.tools(data.tools.length)}` : null;
}
