import { Modal } from "@mantine/core";
import { IconFileText } from "@tabler/icons-react";
import { useState } from "react";
import { type ChangeView, useAction, useView } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { EmptyState } from "../../shared/EmptyState";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { Diff } from "../../shared/plan";
import { RelativeTime } from "../../shared/RelativeTime";
import { toast, withdraw } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./ActivityPage.module.css";
import { activityWords as words } from "./words";

/** What was written into settings files, newest first; each can be taken back while its before-image is kept. */
export function Changes() {
  const changes = useView("changes_list", {});
  const [undoing, setUndoing] = useState<ChangeView | null>(null);

  if (changes.isPending) return <Waiting />;
  if (changes.error !== null) {
    return (
      <ProblemAlert problem={changes.error} onRetry={() => void changes.refetch()} retrying={changes.isFetching} />
    );
  }
  if (changes.data.length === 0) {
    return <EmptyState icon={IconFileText} title={words.noChanges.title} text={words.noChanges.text} />;
  }
  return (
    <>
      <ol className={classes.lines}>
        {changes.data.map((change) => (
          <li key={change.id} className={classes.change} data-undone={change.undone}>
            <div className={classes.changeWords}>
              <p className={classes.changeTitle}>{change.title}</p>
              {change.files.map((file) => (
                <PathText key={file} path={file} />
              ))}
            </div>
            <span className={classes.time}>
              <RelativeTime at={change.at} />
            </span>
            <span className={classes.act}>
              {change.undone ? (
                words.undone
              ) : change.canUndo ? (
                <Button variant="default" aria-label={words.undoLabel(change.title)} onClick={() => setUndoing(change)}>
                  {words.undo}
                </Button>
              ) : (
                words.spent
              )}
            </span>
          </li>
        ))}
      </ol>
      {undoing === null ? null : <UndoChange change={undoing} onClose={() => setUndoing(null)} />}
    </>
  );
}

interface UndoChangeProps {
  change: ChangeView;
  onClose: () => void;
}

function UndoChange({ change, onClose }: UndoChangeProps) {
  const undo = useAction("changes_undo");
  const preview = useView("changes_preview", { change: change.id });
  const refused = preview.data?.files.find(({ problem }) => problem !== null)?.problem ?? null;
  const confirm = () =>
    undo.mutate(
      { change: change.id },
      {
        onSuccess: () => {
          onClose();
          withdraw(change.id);
          toast({ text: words.confirm.done(change.title) });
        },
      },
    );
  const unready = preview.data === undefined || refused !== null;
  return (
    <Modal
      opened
      onClose={onClose}
      size={860}
      title={<span className={classes.dialogTitle}>{words.confirm.title(change.title)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.dialog}>
        {preview.isPending ? (
          <Skeleton height={160} />
        ) : preview.error !== null ? (
          <ProblemAlert problem={preview.error} onRetry={() => void preview.refetch()} retrying={preview.isFetching} />
        ) : (
          <>
            {refused === null ? null : (
              <ProblemAlert problem={{ ...refused, retry: false }} outcome={common.nothingWritten} />
            )}
            {preview.data.files.length === 0 ? <p className={classes.sentence}>{words.confirm.noFiles}</p> : null}
            {preview.data.files.map((file) => (
              <section key={file.path} className={classes.undone}>
                <PathText path={file.path} />
                {file.diff.length === 0 ? null : <Diff path={file.path} lines={file.diff} />}
              </section>
            ))}
          </>
        )}
        {undo.error === null ? null : (
          <ProblemAlert
            problem={undo.error}
            outcome={common.nothingWritten}
            onRetry={confirm}
            retrying={undo.isPending}
          />
        )}
        <footer className={classes.dialogFoot}>
          <Button variant="default" onClick={onClose}>
            {words.confirm.keep}
          </Button>
          <Button
            onClick={confirm}
            loading={undo.isPending}
            disabled={unready}
            // What cannot be pressed cannot have the focus, which would stay on the page below.
            data-autofocus={unready ? undefined : true}
          >
            {words.confirm.undo}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}

const ROWS = ["a", "b", "c"];

function Waiting() {
  return (
    <div className={classes.lines} aria-hidden="true">
      {ROWS.map((row) => (
        <div key={row} className={classes.change}>
          <div className={classes.changeWords}>
            <Skeleton width={180} height={12} margin="4px 0" />
            <Skeleton width={240} height={10} margin="3px 0" />
          </div>
          <Skeleton width={60} height={12} />
        </div>
      ))}
    </div>
  );
}
