import { type FormEvent, useState } from "react";
import { type KeyView, type ProviderView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./KeyDetails.module.css";
import { LimitFields } from "./LimitFields";
import { limitsOf, wordsOf } from "./limits";
import type { Offers } from "./offers";
import { detailWords as words } from "./words";

interface EditLimitsProps {
  target: KeyView;
  provider: ProviderView;
  offers: Offers;
  onDone: () => void;
}

/** Changes what a key may do; what its product cannot change is left as it is. */
export function EditLimits({ target, provider, offers, onDone }: EditLimitsProps) {
  const [limits, setLimits] = useState(() => limitsOf(target));
  const update = useAction("keys_update");
  const save = (event: FormEvent) => {
    event.preventDefault();
    const { scopes, mcp } = offers;
    update.mutate(
      {
        key: target.id,
        scopes: scopes ? [...limits.scopes] : null,
        readOnly: mcp ? limits.readOnly : null,
        preset: mcp ? limits.preset : null,
        tools: mcp ? wordsOf(limits.tools) : null,
        mcpPermissions: mcp ? wordsOf(limits.mcpPermissions) : null,
        projects: mcp ? wordsOf(limits.projects) : null,
        instances: mcp ? wordsOf(limits.instances) : null,
      },
      {
        onSuccess: (key) => {
          onDone();
          toast({ text: key.reconnect ?? words.changed(key.name) });
        },
      },
    );
  };
  return (
    <form className={classes.form} onSubmit={save} noValidate>
      <LimitFields provider={provider} limits={limits} onChange={setLimits} scopes={offers.scopes} mcp={offers.mcp} />
      {update.error === null ? null : <ProblemAlert problem={{ ...update.error, retry: false }} />}
      <div className={classes.buttons}>
        <Button type="submit" loading={update.isPending}>
          {words.save}
        </Button>
        <Button variant="default" onClick={onDone}>
          {common.cancel}
        </Button>
      </div>
    </form>
  );
}
