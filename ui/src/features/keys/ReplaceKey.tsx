import { Modal } from "@mantine/core";
import { type KeyView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { replaceWords as words } from "./words";

interface ReplaceKeyProps {
  target: KeyView;
  onClose: () => void;
  /** Another key has taken its place. */
  onReplaced: (id: string) => void;
}

/** A new key just like it, stowed here, in its place; the old one is revoked. */
export function ReplaceKey({ target, onClose, onReplaced }: ReplaceKeyProps) {
  const replace = useAction("keys_replace");
  const confirm = () =>
    replace.mutate(
      { key: target.id },
      {
        onSuccess: ({ id, name }) => {
          onClose();
          onReplaced(id);
          toast({ text: words.replaced(name) });
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
          <p className={classes.sentence}>{words.text}</p>
          <p className={classes.sentence}>{words.consequence}</p>
        </div>
        {replace.error === null ? null : (
          <ProblemAlert problem={replace.error} onRetry={confirm} retrying={replace.isPending} />
        )}
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.keep}
          </Button>
          <Button onClick={confirm} loading={replace.isPending}>
            {words.replace}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
