import { Button, Modal } from "@mantine/core";
import { type KeyView, useAction } from "../../ipc";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast } from "../../shared/toast";
import { useNow } from "../../shared/useNow";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { revokeWords as words } from "./words";

interface RevokeKeyProps {
  target: KeyView;
  onClose: () => void;
}

/** Names the key, who uses it and when it was last used; keeping it is the default. */
export function RevokeKey({ target, onClose }: RevokeKeyProps) {
  const now = useNow();
  const revoke = useAction("keys_delete");
  const confirm = () =>
    revoke.mutate(
      { key: target.id },
      {
        onSuccess: () => {
          onClose();
          toast({ text: words.revoked(target.name) });
        },
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      size={440}
      title={<span className={classes.title}>{words.title(target.name)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.form}>
        <div>
          <p className={classes.sentence}>{words.uses(target, now)}</p>
          <p className={classes.sentence}>{words.consequence}</p>
        </div>
        {revoke.error === null ? null : (
          <ProblemAlert problem={revoke.error} onRetry={confirm} retrying={revoke.isPending} />
        )}
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.keep}
          </Button>
          <Button color="red" onClick={confirm} loading={revoke.isPending}>
            {words.revoke}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
