import { useState } from "react";
import { useAction, type WorkspaceView } from "../ipc";
import { Button } from "../shared/controls";
import { ProblemAlert } from "../shared/ProblemAlert";
import { toast } from "../shared/toast";
import classes from "./ManageWorkspace.module.css";
import { goTo } from "./router";
import { manageWords as words } from "./words";

interface RemoveWorkspaceProps {
  workspace: WorkspaceView;
  /** Whether there is a session to end. */
  signsIn: boolean;
  onSignOut: () => void;
  onRemoved: () => void;
}

/** Signing out keeps the keys; removing takes them out of the keychain, and is asked twice. */
export function RemoveWorkspace({ workspace, signsIn, onSignOut, onRemoved }: RemoveWorkspaceProps) {
  const [asking, setAsking] = useState(false);
  const remove = useAction("workspaces_remove");
  const confirm = () =>
    remove.mutate(
      { workspace: workspace.id },
      {
        onSuccess: () => {
          onRemoved();
          toast({ text: words.removed(workspace.name) });
        },
      },
    );
  // Clients that use it are disconnected where clients are.
  const used = remove.error?.code === "workspace.in_use";
  return (
    <div className={classes.leave}>
      {asking ? <p className={classes.sentence}>{words.removeAsk(workspace.name)}</p> : null}
      {remove.error === null ? null : (
        <ProblemAlert
          problem={remove.error}
          onRetry={confirm}
          retrying={remove.isPending}
          action={
            used ? (
              <Button
                variant="default"
                onClick={() => {
                  onRemoved();
                  goTo("connect");
                }}
              >
                {words.toConnect}
              </Button>
            ) : undefined
          }
        />
      )}
      <div className={classes.footer}>
        {asking ? (
          <>
            <Button variant="default" onClick={() => setAsking(false)} autoFocus>
              {words.keep}
            </Button>
            <Button danger onClick={confirm} loading={remove.isPending}>
              {words.removeConfirm}
            </Button>
          </>
        ) : (
          <>
            {signsIn && workspace.signedIn ? (
              <Button variant="default" onClick={onSignOut}>
                {words.signOut}
              </Button>
            ) : null}
            <Button variant="default" danger onClick={() => setAsking(true)}>
              {words.remove}
            </Button>
          </>
        )}
      </div>
    </div>
  );
}
