import { Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type KeyView, type ProviderView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { daysOf, Expiry, initialExpiry } from "./Expiry";
import { LimitFields } from "./LimitFields";
import { UNLIMITED, wordsOf } from "./limits";
import { hasScopes, type Offers } from "./offers";
import { Stowed } from "./Stowed";
import { Templates } from "./Templates";
import { createWords as words } from "./words";

interface CreateKeyProps {
  provider: ProviderView;
  offers: Offers;
  onClose: () => void;
}

/** Asks for a name, what the key may do and until when. The secret goes to the keychain, never through here. */
export function CreateKey({ provider, offers, onClose }: CreateKeyProps) {
  const { nameMax, daysMax, daysDefault, budget } = provider.key;
  const [name, setName] = useState("");
  const [limits, setLimits] = useState(UNLIMITED);
  const [expiry, setExpiry] = useState(() => initialExpiry(daysMax, daysDefault));
  const [tried, setTried] = useState(false);
  const create = useAction("keys_create");
  const [made, setMade] = useState<KeyView | null>(null);

  const wanted = name.trim();
  const wrong = wanted === "" ? words.nameMissing : [...wanted].length > nameMax ? words.nameLong(nameMax) : null;
  const days = offers.expire ? daysOf(expiry, daysMax, Date.now()) : null;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    setTried(true);
    if (wrong !== null || days === undefined) return;
    create.mutate(
      {
        name: wanted,
        scopes: [...limits.scopes],
        expiresInDays: days,
        readOnly: limits.readOnly,
        preset: limits.preset === "" ? null : limits.preset,
        tools: wordsOf(limits.tools),
        mcpPermissions: wordsOf(limits.mcpPermissions),
        projects: wordsOf(limits.projects),
        instances: wordsOf(limits.instances),
      },
      { onSuccess: setMade },
    );
  };
  if (made !== null) return <Stowed made={made} onClose={onClose} />;

  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={<span className={classes.title}>{words.title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
          description={words.nameHint}
          value={name}
          error={tried ? wrong : null}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Templates
          provider={provider}
          scopes={hasScopes(provider)}
          mcp={offers.mcp}
          limits={limits}
          onPick={setLimits}
        />
        <LimitFields
          provider={provider}
          limits={limits}
          onChange={setLimits}
          scopes={hasScopes(provider)}
          mcp={offers.mcp}
        />
        {offers.expire ? (
          <Expiry
            value={expiry}
            daysMax={daysMax}
            mistake={tried && days === undefined ? words.dateWrong : null}
            onChange={setExpiry}
          />
        ) : null}
        {create.error === null ? null : <ProblemAlert problem={{ ...create.error, retry: false }} />}
        <p className={classes.note}>
          {words.note} {budget}
        </p>
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button type="submit" loading={create.isPending}>
            {words.create}
          </Button>
        </footer>
      </form>
    </Modal>
  );
}
