import { IconChevronRight } from "@tabler/icons-react";
import type { ProviderView } from "../../ipc";
import { Tile } from "../Tile";
import classes from "./AddWorkspace.module.css";
import { addWords as words } from "./words";

interface ProviderListProps {
  providers: readonly ProviderView[];
  onChoose: (provider: string) => void;
}

/** The products, with what each can do from here. */
export function ProviderList({ providers, onChoose }: ProviderListProps) {
  return (
    <>
      <p className={classes.note}>{words.about}</p>
      <ul className={classes.providers} aria-label={words.providers}>
        {providers.map((provider) => (
          <li key={provider.id} className={classes.provider}>
            <Tile id={provider.id} name={provider.name} />
            <div className={classes.providerWords}>
              <div className={classes.providerName}>
                {/* Takes the whole line. */}
                <button type="button" aria-describedby={`about-${provider.id}`} onClick={() => onChoose(provider.id)}>
                  {provider.name}
                </button>
                {provider.ownFile === null ? null : <span className={classes.tag}>{words.own}</span>}
              </div>
              <p className={classes.note} id={`about-${provider.id}`}>
                {provider.about} {words.can(provider)}
              </p>
            </div>
            <IconChevronRight size={16} aria-hidden="true" />
          </li>
        ))}
      </ul>
    </>
  );
}
