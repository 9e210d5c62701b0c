import { Button, Modal, Radio, SegmentedControl, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type KeyView, useAction } from "../../ipc";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { keysWords, createWords as words } from "./words";

const LONGEST = 100;
const ACCESS = ["full", "read-only", "reporting"] as const;
type Access = (typeof ACCESS)[number];
const EXPIRY = ["30", "90", "365", "never"] as const;
type Expiry = (typeof EXPIRY)[number];

interface CreateKeyProps {
  onClose: () => void;
}

/** Asks for a name, what the key may do and until when. The secret goes to the keychain, never through here. */
export function CreateKey({ onClose }: CreateKeyProps) {
  const [name, setName] = useState("");
  const [access, setAccess] = useState<Access>("full");
  const [expiry, setExpiry] = useState<Expiry>("90");
  const [mistake, setMistake] = useState<string | null>(null);
  const create = useAction("keys_create");
  const copy = useAction("keys_copy");

  // The toast outlives this dialog, so what follows hangs on the promise.
  const copyNow = (key: KeyView) =>
    copy
      .mutateAsync({ key: key.id })
      .then(({ name, clearsAfterS }) => toast({ text: keysWords.copied(name, clearsAfterS) }), toastProblem);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const wanted = name.trim();
    const wrong = wanted === "" ? words.nameMissing : [...wanted].length > LONGEST ? words.nameLong : null;
    setMistake(wrong);
    if (wrong !== null) return;
    create.mutate(
      {
        name: wanted,
        scopes: [],
        expiresInDays: expiry === "never" ? null : Number(expiry),
        readOnly: access === "read-only",
        preset: access === "full" ? null : access,
        tools: [],
        mcpPermissions: [],
        projects: [],
        instances: [],
      },
      {
        onSuccess: (key) => {
          onClose();
          toast({
            text: words.created(key.name),
            action: { label: keysWords.copy, run: () => copyNow(key) },
            forMs: 12_000,
          });
        },
      },
    );
  };

  return (
    <Modal
      opened
      onClose={onClose}
      size={460}
      title={<span className={classes.title}>{words.title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <form className={classes.form} onSubmit={submit} noValidate>
        <TextInput
          label={words.name}
          placeholder={words.namePlaceholder}
          description={words.nameHint}
          value={name}
          error={mistake}
          onChange={(event) => setName(event.currentTarget.value)}
          data-autofocus
        />
        <Radio.Group
          label={words.may}
          value={access}
          onChange={(value) => setAccess(ACCESS.find((each) => each === value) ?? "full")}
        >
          <div className={classes.choices}>
            {ACCESS.map((each) => (
              <Radio key={each} value={each} label={words.access[each].title} description={words.access[each].text} />
            ))}
          </div>
        </Radio.Group>
        <div>
          <p className={classes.label} id="key-expiry">
            {words.expires}
          </p>
          <SegmentedControl
            fullWidth
            aria-labelledby="key-expiry"
            data={EXPIRY.map((value) => ({ value, label: words.expiry[value] }))}
            value={expiry}
            onChange={setExpiry}
          />
        </div>
        {create.error === null ? null : <ProblemAlert problem={{ ...create.error, retry: false }} />}
        <p className={classes.note}>{words.note}</p>
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
