import { IconAlertTriangleFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type AppStatusView, useAction } from "../ipc";
import { Button } from "../shared/controls";
import { Rich } from "../shared/Rich";
import classes from "./StatusLine.module.css";
import { useReach } from "./useReach";
import { appWords as words } from "./words";

/** Lets the system ask for the keychain's password; without that, looks again. */
function Unlock({ checking, onCheck }: { checking: boolean; onCheck: () => void }) {
  const unlock = useAction("app_unlock");
  return (
    <Button
      variant="default"
      onClick={() => unlock.mutate({}, { onSettled: onCheck })}
      loading={unlock.isPending || checking}
    >
      {words.unlock}
    </Button>
  );
}

interface StatusLineProps {
  status: AppStatusView;
  checking: boolean;
  onCheck: () => void;
  onSignIn: () => void;
}

/** One quiet line; one banner with one action while something needs the person. */
export function StatusLine(props: StatusLineProps) {
  const need = needOf(props);
  return (
    <section className={need === null ? classes.line : classes.banner} aria-label={words.status}>
      {need === null ? null : <IconAlertTriangleFilled size={16} aria-hidden="true" />}
      {/* Always there, so that screen readers say what comes into it. */}
      <span className={classes.text} role="status">
        {need === null ? null : <Rich text={need.text} />}
      </span>
      {need === null ? <Quiet status={props.status} /> : need.action}
    </section>
  );
}

interface Need {
  text: string;
  action: ReactNode;
}

/** What the person must do something about, the worst first. */
function needOf({ status, checking, onCheck, onSignIn }: StatusLineProps): Need | null {
  const { keychain, problem, workspace, unreachable } = status;
  if (keychain !== "unlocked") {
    const text = problem === null ? words.keychain[keychain] : `${problem.title}. ${problem.hint ?? problem.detail}`;
    return {
      // Its hint is to do what the button does.
      text: problem?.code === "keychain.locked" ? words.lockedBanner : text,
      action:
        keychain === "locked" ? (
          <Unlock checking={checking} onCheck={onCheck} />
        ) : (
          <Button variant="default" onClick={onCheck} loading={checking}>
            {words.checkAgain}
          </Button>
        ),
    };
  }
  if (!workspace?.signedIn) {
    return {
      text: words.signedOutBanner(workspace?.name),
      action: (
        <Button variant="default" onClick={onSignIn}>
          {words.signIn}
        </Button>
      ),
    };
  }
  return unreachable === null ? null : { text: words.unreachableBanner(workspace.name), action: <Retry /> };
}

function Retry() {
  const { retry, retrying } = useReach();
  return (
    <Button variant="default" onClick={retry} loading={retrying}>
      {words.retry}
    </Button>
  );
}

function Quiet({ status: { workspace, connections, bridges } }: { status: AppStatusView }) {
  const account = workspace === null || workspace.login === "" ? workspace?.name : workspace.login;
  const parts = [words.keychain.unlocked, account, words.counts.connect(connections)];
  if (bridges > 0) parts.push(words.bridges(bridges));
  return (
    <span className={classes.parts}>
      {parts.map((part) => (
        <span key={part}>{part}</span>
      ))}
    </span>
  );
}
