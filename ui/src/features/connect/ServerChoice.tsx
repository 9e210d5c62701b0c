import { Checkbox } from "@mantine/core";
import { useState } from "react";
import type { ServerView } from "../../ipc";
import { Mark } from "../../shared/Mark";
import classes from "./Servers.module.css";
import { connectWords } from "./words";

const words = connectWords.servers;

export interface Choice {
  /** Whether there is anything to choose. */
  several: boolean;
  /** The ticked servers, in the product's order. */
  ticked: readonly ServerView[];
  toggle: (server: string) => void;
}

/** All servers but those not everybody should connect. */
export function useServerChoice(servers: readonly ServerView[] | undefined): Choice {
  const [flipped, setFlipped] = useState<ReadonlySet<string>>(new Set());
  const all = servers ?? [];
  return {
    several: all.length > 1,
    // Ticked by itself unless there is a caution; a person's click turns that round.
    ticked: all.length > 1 ? all.filter(({ id, caution }) => (caution === null) !== flipped.has(id)) : [],
    toggle: (id) => {
      const next = new Set(flipped);
      if (!next.delete(id)) next.add(id);
      setFlipped(next);
    },
  };
}

interface ServerChoiceProps {
  servers: readonly ServerView[];
  choice: Choice;
}

/** Which servers are connected; each with its caution beside it. */
export function ServerChoice({ servers, choice }: ServerChoiceProps) {
  return (
    <fieldset className={classes.choice}>
      <legend className={classes.legend}>{words.choose}</legend>
      {servers.map(({ id, name, about, caution, auth, signedIn }) => (
        <div key={id}>
          <Checkbox
            label={name}
            description={about}
            checked={choice.ticked.some((each) => each.id === id)}
            onChange={() => choice.toggle(id)}
            {...(caution === null ? {} : { "aria-describedby": `caution-${id}` })}
          />
          {caution === null ? null : (
            <p className={classes.caution} id={`caution-${id}`}>
              <Mark tone="warn">{caution}</Mark>
            </p>
          )}
          {auth.includes("key") || signedIn ? null : <p className={classes.caution}>{words.signInFirst}</p>}
        </div>
      ))}
      {choice.ticked.length === 0 ? <p className={classes.note}>{words.chooseOne}</p> : null}
    </fieldset>
  );
}
