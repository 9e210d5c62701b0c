import { Modal } from "@mantine/core";
import { type RotationView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./RotationsPage.module.css";
import { rotationsWords as words } from "./words";

export interface Ending {
  how: "retire" | "cancel";
  rotation: RotationView;
}

interface EndRotationProps {
  ending: Ending;
  onClose: () => void;
}

/** Asks before a rotation is cut short or called off, and says what that does. */
export function EndRotation({ ending, onClose }: EndRotationProps) {
  const retire = useAction("rotations_retire");
  const cancel = useAction("rotations_cancel");
  const { how, rotation } = ending;
  const [action, said] = how === "retire" ? [retire, words.retire] : [cancel, words.off];
  const holding = rotation.clients.filter(({ state }) => state === "holds").map(({ name }) => name);
  const confirm = () =>
    action.mutate(
      { rotation: rotation.id },
      {
        onSuccess: ({ name }) => {
          onClose();
          toast({ text: said.done(name) });
        },
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      size={440}
      title={<span className={classes.dialogTitle}>{said.title(rotation.name)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.dialog}>
        <p className={classes.sentence}>{said.text}</p>
        {how === "retire" && holding.length > 0 ? (
          <p className={classes.sentence}>{words.retire.holds(holding.join(", "))}</p>
        ) : null}
        {action.error === null ? null : (
          <ProblemAlert problem={action.error} onRetry={confirm} retrying={action.isPending} />
        )}
        <footer className={classes.foot}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {said.keep}
          </Button>
          <Button onClick={confirm} loading={action.isPending} {...(how === "retire" ? { color: "red" } : {})}>
            {said.confirm}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
