import { TextInput } from "@mantine/core";
import { IconClipboard, IconExternalLink, IconKey } from "@tabler/icons-react";
import { type FormEvent, useState } from "react";
import { type KeychainView, type ProblemView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toastProblem } from "../../shared/toast";
import { useProvider } from "../../shared/useProvider";
import classes from "./FirstRunPage.module.css";
import { firstRunWords } from "./words";

const words = firstRunWords.key;

interface KeyStepProps {
  keychain: KeychainView;
  problem: ProblemView | null;
  onDone: (line: string) => void;
}

/** Where keys come from and where they go; one is made by hand, or pasted where the product lets nobody else make it. */
export function KeyStep({ keychain, problem, onDone }: KeyStepProps) {
  const { workspace, provider, can } = useProvider();
  const pasted = provider !== null && !can("create");
  return (
    <section className={classes.card} aria-label={firstRunWords.steps.key}>
      <h2 className={classes.heading}>
        <IconKey size={18} stroke={1.75} aria-hidden="true" /> {pasted ? words.pasteHeading : words.heading}
      </h2>
      <p className={classes.text}>{pasted ? words.pasteText : words.text}</p>
      {keychain === "unlocked" || problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} />}
      {pasted ? (
        <Paste workspace={workspace?.id ?? ""} steps={provider.dashboard?.create ?? []} onDone={onDone} />
      ) : (
        <Make expires={can("expire")} onDone={onDone} />
      )}
    </section>
  );
}

interface MakeProps {
  /** Whether the product lets keys expire. */
  expires: boolean;
  onDone: (line: string) => void;
}

/** Nothing has to be done here; a key is made by hand if wanted. */
function Make({ expires, onDone }: MakeProps) {
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
        expiresInDays: expires ? 90 : null,
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
    <>
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
          <Button variant="subtle" onClick={() => setOwn(true)}>
            {words.ownOpen}
          </Button>
        )}
        <Button onClick={() => onDone(words.done)}>{words.next}</Button>
      </div>
    </>
  );
}

interface PasteProps {
  workspace: string;
  steps: readonly string[];
  onDone: (line: string) => void;
}

/** The dashboard's steps, and the button that stows what was copied there. */
function Paste({ workspace, steps, onDone }: PasteProps) {
  const open = useAction("workspaces_open_dashboard");
  const paste = useAction("keys_paste");
  return (
    <>
      {steps.length === 0 ? null : (
        <ol className={classes.steps}>
          {steps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      )}
      {paste.error === null ? null : <ProblemAlert problem={{ ...paste.error, retry: false }} />}
      <div className={classes.buttons}>
        <Button variant="subtle" onClick={() => onDone(words.later)}>
          {words.pasteLater}
        </Button>
        {steps.length === 0 ? null : (
          <Button
            variant="default"
            icon={<IconExternalLink size={14} aria-hidden="true" />}
            onClick={() => open.mutate({ workspace }, { onError: toastProblem })}
          >
            {words.openDashboard}
          </Button>
        )}
        <Button
          icon={<IconClipboard size={14} aria-hidden="true" />}
          loading={paste.isPending}
          onClick={() =>
            paste.mutate({ name: null, key: null }, { onSuccess: ({ name }) => onDone(words.pasted(name)) })
          }
        >
          {words.paste}
        </Button>
      </div>
    </>
  );
}
