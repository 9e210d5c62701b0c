import { Button, TextInput } from "@mantine/core";
import { IconKey } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { type KeychainView, type ProblemView, useAction } from "../../ipc";
import { ProblemAlert } from "../../shared/ProblemAlert";
import classes from "./FirstRunPage.module.css";
import { firstRunWords } from "./words";

const words = firstRunWords.key;

interface KeyStepProps {
  keychain: KeychainView;
  problem: ProblemView | null;
  onDone: (line: string) => void;
}

/** Nothing has to be done here: says where keys come from and where they go, and makes one by hand if wanted. */
export function KeyStep({ keychain, problem, onDone }: KeyStepProps) {
  const [own, setOwn] = useState(false);
  const [name, setName] = useState("");
  const create = useAction("keys_create");
  const make = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "") return;
    create.mutate(
      {
        name: name.trim(),
        scopes: [],
        expiresInDays: 90,
        readOnly: false,
        preset: null,
        tools: [],
        mcpPermissions: [],
        projects: [],
        instances: [],
      },
      { onSuccess: (key) => onDone(words.made(key.name)) },
    );
  };
  return (
    <section className={classes.card} aria-label={firstRunWords.steps.key}>
      <h2 className={classes.heading}>
        <IconKey size={18} stroke={1.75} aria-hidden="true" /> {words.heading}
      </h2>
      <p className={classes.text}>{words.text}</p>
      {keychain === "unlocked" || problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
      {own ? (
        <form className={classes.inline} onSubmit={make}>
          <TextInput
            className={classes.grow}
            label={words.ownName}
            placeholder={words.placeholder}
            value={name}
            maxLength={100}
            autoFocus
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <Button type="submit" variant="default" disabled={name.trim() === ""} loading={create.isPending}>
            {words.ownMake}
          </Button>
        </form>
      ) : null}
      {create.error === null ? null : <ProblemAlert problem={{ ...create.error, retry: false }} />}
      <div className={classes.buttons}>
        {own ? null : (
          <Button variant="subtle" color="gray" onClick={() => setOwn(true)}>
            {words.ownOpen}
          </Button>
        )}
        <Button onClick={() => onDone(words.done)}>{words.next}</Button>
      </div>
    </section>
  );
}
