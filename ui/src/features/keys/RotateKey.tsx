import { Modal, Radio } from "@mantine/core";
import { useState } from "react";
import { type GraceView, type KeyView, type RotationView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast } from "../../shared/toast";
import { useNow } from "../../shared/useNow";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { GRACES, graceOf } from "./graces";
import { revokeWords, rotateWords as words } from "./words";

interface RotateKeyProps {
  target: KeyView;
  /** It leaked: it is revoked before anything else. */
  leaked: boolean;
  /** Only the dashboard makes keys. */
  byHand: boolean;
  onClose: () => void;
  /** Another key has taken its place. */
  onReplaced: (id: string) => void;
}

/** A new key just like it takes its place: without a failed call, or, for one that leaked, at once. */
export function RotateKey({ target, leaked, byHand, onClose, onReplaced }: RotateKeyProps) {
  const now = useNow(target.lastUsedAt);
  const [grace, setGrace] = useState<GraceView>("now");
  const rotate = useAction("rotations_start");
  const revoke = useAction("keys_revoke");
  const action = leaked ? revoke : rotate;
  const { id, name } = target;
  const clients = new Set(target.usedBy.map(({ client }) => client)).size;
  const done = (view: RotationView) => {
    onClose();
    const show = { label: words.show, run: () => window.location.assign("#/rotations") };
    if (view.endedAt !== null && view.newKey !== null) onReplaced(view.newKey);
    const over = leaked ? words.revoked(name) : words.done(name);
    if (view.endedAt !== null) toast({ text: over });
    else toast({ text: words.started(name), about: [view.id], over, action: show });
    // What only the person can do stands on its own page.
    if (view.steps.length > 0) show.run();
  };
  const confirm = () =>
    leaked ? revoke.mutate({ key: id }, { onSuccess: done }) : rotate.mutate({ key: id, grace }, { onSuccess: done });
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={<span className={classes.title}>{leaked ? words.leakedTitle(name) : words.title(name)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.form}>
        <div>
          <p className={classes.sentence}>{leaked ? revokeWords.uses(target, now) : words.uses(clients)}</p>
          <p className={classes.sentence}>{leaked ? <Mark tone="warn">{words.leaked}</Mark> : words.text}</p>
          {byHand ? <p className={classes.sentence}>{words.byHand}</p> : null}
        </div>
        {leaked ? null : (
          <Radio.Group label={words.grace} value={grace} onChange={(value) => setGrace(graceOf(value))}>
            {GRACES.map((each) => (
              <Radio key={each} value={each} label={words.graces[each]} mt={8} />
            ))}
          </Radio.Group>
        )}
        {action.error === null ? null : (
          <ProblemAlert problem={action.error} onRetry={confirm} retrying={action.isPending} />
        )}
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose} {...(leaked ? { "data-autofocus": true } : {})}>
            {words.keep}
          </Button>
          <Button onClick={confirm} loading={action.isPending} {...(leaked ? { color: "red" } : {})}>
            {leaked ? words.revokeNow : words.rotate}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
