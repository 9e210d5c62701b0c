import { memo } from "react";
import type { ClientView } from "../../ipc";
import { Button } from "../../shared/controls";
import { Section } from "../../shared/Page";
import { Tile } from "../../shared/Tile";
import classes from "./Absent.module.css";
import { connectWords as words } from "./words";

interface ByLinkProps {
  clients: readonly ClientView[];
  onLinks: (client: ClientView) => void;
  below: boolean;
}

/** Clients without a settings file of their own, and those here that can also be told by a link. */
export const ByLink = memo(function ByLink({ clients, onLinks, below }: ByLinkProps) {
  return (
    <Section title={words.links.section} below={below}>
      <ul className={classes.lines}>
        {clients.map((client) => (
          <li key={client.id} className={classes.client}>
            <Tile id={client.id} name={client.name} size="sm" />
            <span className={classes.name}>{client.name}</span>
            <span className={classes.about} title={client.note ?? undefined}>
              {client.targets.length === 0 ? client.note : words.links.ofFile}
            </span>
            <Button
              variant="subtle"
              size="small"
              aria-label={words.links.buttonLabel(client.name)}
              onClick={() => onLinks(client)}
            >
              {words.links.button}
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
});
