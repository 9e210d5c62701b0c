import { Checkbox, Modal } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  call,
  invalidateAfter,
  type Problem,
  type RemovalRequest,
  type RemovalView,
  type RemovedView,
} from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { words as common } from "../../shared/words";
import classes from "./Removal.module.css";
import { Goes, Stays } from "./RemovalParts";
import { RemovalReport } from "./RemovalReport";
import { removalWords as words } from "./words";

interface RemovalDialogProps {
  onClose: () => void;
}

/** Everything that would go and everything that would stay; then, and only when it was read, one button. */
export function RemovalDialog({ onClose }: RemovalDialogProps) {
  const client = useQueryClient();
  const preview = useQuery<RemovalView, Problem>({
    // What is being read must not change under the person's eyes.
    queryKey: ["removal", "removal_preview"],
    queryFn: () => call("removal_preview", {}),
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    refetchOnWindowFocus: false,
  });
  const remove = useMutation<RemovedView, Problem, RemovalRequest>({
    mutationFn: (request) => call("removal_apply", request),
    onSuccess: (removed) => {
      // When all of it is gone, there is nothing left to ask.
      if (!removed.complete) invalidateAfter(client, "removal_apply");
      setFailedBefore(removed.steps.some(({ id, state }) => id === "entry" && state === "failed"));
    },
  });
  const done = remove.data;
  const [failedBefore, setFailedBefore] = useState(false);
  const again = () => {
    remove.reset();
    void preview.refetch();
  };
  return (
    <Modal
      opened
      onClose={() => {
        if (!remove.isPending && done?.complete !== true) onClose();
      }}
      size={760}
      fullScreen={done?.complete === true}
      withCloseButton={done?.complete !== true}
      closeOnClickOutside={false}
      title={<span className={classes.title}>{words.title}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {done !== undefined ? (
        <RemovalReport removed={done} onClose={onClose} onAgain={again} />
      ) : preview.error !== null ? (
        <ProblemAlert problem={preview.error} onRetry={() => void preview.refetch()} retrying={preview.isFetching} />
      ) : preview.data === undefined || preview.isRefetching ? (
        <Skeleton height={320} label={common.loading} />
      ) : (
        <Question
          preview={preview.data}
          failedBefore={failedBefore}
          problem={remove.error}
          removing={remove.isPending}
          onRemove={remove.mutate}
          onClose={onClose}
        />
      )}
    </Modal>
  );
}

interface QuestionProps {
  preview: RemovalView;
  /** A settings file could not be written when it was tried. */
  failedBefore: boolean;
  problem: Problem | null;
  removing: boolean;
  onRemove: (request: RemovalRequest) => void;
  onClose: () => void;
}

function Question({ preview, failedBefore, problem, removing, onRemove, onClose }: QuestionProps) {
  const [revokeKeys, setRevokeKeys] = useState(false);
  const [leaveFiles, setLeaveFiles] = useState(false);
  const [sure, setSure] = useState(false);
  const stuck = preview.files.some((file) => file.problem !== null);
  const held = preview.problem !== null || (stuck && !leaveFiles);
  return (
    <div className={classes.root}>
      {preview.problem === null ? null : (
        <ProblemAlert problem={{ ...preview.problem, retry: false }} outcome={words.nothingRemoved} />
      )}
      <Goes preview={preview} />
      <Stays preview={preview} revokeKeys={revokeKeys} onRevokeKeys={setRevokeKeys} />
      {stuck || failedBefore ? (
        <Checkbox
          checked={leaveFiles}
          disabled={removing}
          onChange={(event) => setLeaveFiles(event.currentTarget.checked)}
          label={words.leaveFiles}
        />
      ) : null}
      {problem === null ? null : <ProblemAlert problem={{ ...problem, retry: false }} outcome={words.nothingRemoved} />}
      <footer className={classes.footer}>
        <Checkbox
          className={classes.sure ?? ""}
          checked={sure}
          disabled={removing}
          onChange={(event) => setSure(event.currentTarget.checked)}
          label={words.sure}
        />
        <Button variant="default" onClick={onClose} disabled={removing} data-autofocus>
          {words.keep}
        </Button>
        <Button danger loading={removing} disabled={!sure || held} onClick={() => onRemove({ revokeKeys, leaveFiles })}>
          {words.remove}
        </Button>
      </footer>
    </div>
  );
}
