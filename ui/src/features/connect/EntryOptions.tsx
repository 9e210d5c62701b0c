import { TextInput } from "@mantine/core";
import { useState } from "react";
import type { ClientView, ModeView, TargetView } from "../../ipc";
import { Select } from "../../shared/controls";
import classes from "./EntryOptions.module.css";
import { connectWords as words } from "./words";

/** Where an entry goes and how the client reaches the server; left out: the client's first way. */
export interface Chosen {
  target?: string | undefined;
  mode?: ModeView | undefined;
}

interface EntryOptionsProps {
  client: ClientView;
  onChange: (chosen: Chosen) => void;
}

/** A command of the person's own is not typed into a window. */
const offered = (target: TargetView | undefined) => target?.modes.filter((mode) => mode !== "exec") ?? [];

/** Whether there is anything to choose. */
export function hasOptions(client: ClientView): boolean {
  return client.targets.length > 1 || offered(client.targets[0]).length > 1;
}

/** Which settings file, and how the client reaches the server. */
export function EntryOptions({ client, onChange }: EntryOptionsProps) {
  const [id, setId] = useState(client.targets[0]?.id ?? "");
  const [mode, setMode] = useState<ModeView>("bridge");
  const [project, setProject] = useState("");
  const target = client.targets.find((each) => each.id === id);
  const modes = offered(target);

  const choose = (nextId: string, nextMode: ModeView, dir: string) => {
    const next = client.targets.find((each) => each.id === nextId);
    const has = offered(next).some((each) => each === nextMode) ? nextMode : "bridge";
    setId(nextId);
    setMode(has);
    onChange({
      // A project that is not named yet is asked for by the preview.
      target: next?.needsProject === true && dir !== "" ? `${nextId}=${dir}` : nextId,
      mode: has,
    });
  };

  return (
    <div className={classes.root}>
      {client.targets.length > 1 ? (
        <Select
          label={words.options.target}
          value={id}
          onChoose={(target) => choose(target, mode, project)}
          choices={client.targets.map((each) => ({ value: each.id, label: words.options.targetName(each) }))}
        />
      ) : null}
      {target?.needsProject === true ? (
        <TextInput
          className={classes.project}
          label={words.options.project}
          placeholder={words.options.projectPlaceholder}
          value={project}
          spellCheck={false}
          onChange={(event) => setProject(event.currentTarget.value)}
          onBlur={() => choose(id, mode, project.trim())}
          onKeyDown={(event) => {
            if (event.key === "Enter") choose(id, mode, project.trim());
          }}
        />
      ) : null}
      {modes.length > 1 ? (
        <Select
          label={words.options.mode}
          value={mode}
          onChoose={(next) => choose(id, next, project.trim())}
          choices={modes.map((each) => ({ value: each, label: words.options.modes[each] }))}
        />
      ) : null}
    </div>
  );
}
