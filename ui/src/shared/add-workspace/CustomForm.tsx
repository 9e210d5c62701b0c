import { TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { useAction, type WorkspaceView } from "../../ipc";
import { Button } from "../controls";
import { ProblemAlert } from "../ProblemAlert";
import classes from "./AddWorkspace.module.css";
import { addWords } from "./words";

const words = addWords.custom;
const HEADER = "authorization";
const SCHEME = "Bearer";

interface CustomFormProps {
  onBack: (() => void) | null;
  onDone: (workspace: WorkspaceView) => void;
}

/** A server that Keystow does not know: its address and how it takes its key. */
export function CustomForm({ onBack, onDone }: CustomFormProps) {
  const [name, setName] = useState("");
  const [url, setUrl] = useState("");
  const [header, setHeader] = useState(HEADER);
  const [scheme, setScheme] = useState(SCHEME);
  const [tried, setTried] = useState(false);
  const make = useAction("providers_add_custom");
  const add = useAction("workspaces_add");
  const problem = make.error ?? add.error;
  const enter = (provider: string) =>
    add.mutate({ provider, url: null, headers: [] }, { onSuccess: (added) => onDone(added) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (name.trim() === "" || url.trim() === "") return;
    // Made already, when only entering it failed.
    if (make.data !== undefined) return enter(make.data.id);
    make.mutate(
      {
        name: name.trim(),
        url: url.trim(),
        header: header.trim() === "" ? null : header.trim(),
        scheme: scheme.trim(),
      },
      { onSuccess: ({ id }) => enter(id) },
    );
  };
  const frozen = make.data !== undefined;
  return (
    <form className={classes.form} onSubmit={submit} noValidate>
      <TextInput
        label={words.name}
        placeholder={words.namePlaceholder}
        value={name}
        error={tried && name.trim() === "" ? words.nameMissing : null}
        disabled={frozen}
        data-autofocus
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        label={words.url}
        placeholder="https://mcp.example.com/mcp"
        value={url}
        error={tried && url.trim() === "" ? words.urlMissing : null}
        disabled={frozen}
        spellCheck={false}
        autoComplete="off"
        inputMode="url"
        onChange={(event) => setUrl(event.currentTarget.value)}
      />
      <div className={classes.pair}>
        <TextInput
          label={words.header}
          value={header}
          disabled={frozen}
          spellCheck={false}
          onChange={(event) => setHeader(event.currentTarget.value)}
        />
        <TextInput
          label={words.scheme}
          placeholder={words.schemeHint}
          value={scheme}
          disabled={frozen}
          spellCheck={false}
          onChange={(event) => setScheme(event.currentTarget.value)}
        />
      </div>
      <p className={classes.note}>{words.note}</p>
      {problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
      <footer className={classes.footer}>
        {onBack === null ? null : (
          <Button variant="default" onClick={onBack}>
            {addWords.back}
          </Button>
        )}
        <Button type="submit" loading={make.isPending || add.isPending}>
          {words.add}
        </Button>
      </footer>
    </form>
  );
}
