import { memo } from "react";
import type { ClientView } from "../../ipc";
import { Button } from "../../shared/controls";
import { Section } from "../../shared/Page";
import { Tile } from "../../shared/Tile";
import classes from "./Absent.module.css";
import { connectWords as words } from "./words";

interface AbsentProps {
  clients: readonly ClientView[];
  onConnect: (client: ClientView) => void;
  below: boolean;
}

/** The clients that were not found, and where each was looked for; a person who knows better connects one all the same. */
export const Absent = memo(function Absent({ clients, onConnect, below }: AbsentProps) {
  return (
    <Section title={words.absent} count={clients.length} below={below}>
      <ul className={classes.list}>
        {clients.map((client) => (
          <li key={client.id} className={classes.client}>
            <Tile id={client.id} name={client.name} size="sm" />
            <span className={classes.name}>{client.name}</span>
            <span className={classes.looked} title={client.detectedBy}>
              {client.detectedBy}
            </span>
            {client.targets.length === 0 ? null : (
              <Button
                variant="subtle"
                size="small"
                className={classes.connect}
                aria-label={words.anyway(client.name)}
                onClick={() => onConnect(client)}
              >
                {words.connect}
              </Button>
            )}
          </li>
        ))}
      </ul>
      <p className={classes.note}>{words.absentNote}</p>
    </Section>
  );
});
