import { Button } from "@mantine/core";
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type AppStatusView, useAction } from "../ipc";
import { Rich } from "../shared/Rich";
import classes from "./StatusLine.module.css";
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
export function StatusLine({ status, checking, onCheck, onSignIn }: StatusLineProps) {
  const { keychain, problem, workspace, connections } = status;
  if (keychain !== "unlocked") {
    const text = problem === null ? words.keychain[keychain] : `${problem.title}. ${problem.hint ?? problem.detail}`;
    return (
      <Banner
        text={text}
        action={
          keychain === "locked" ? (
            <Unlock checking={checking} onCheck={onCheck} />
          ) : (
            <Button variant="default" onClick={onCheck} loading={checking}>
              {words.checkAgain}
            </Button>
          )
        }
      />
    );
  }
  if (!workspace?.signedIn) {
    return (
      <Banner
        text={words.signedOutBanner(workspace?.name)}
        action={
          <Button variant="default" onClick={onSignIn}>
            {words.signIn}
          </Button>
        }
      />
    );
  }
  return (
    <section className={classes.line} aria-label={words.status}>
      {[
        words.keychain.unlocked,
        workspace.login === "" ? workspace.name : workspace.login,
        words.counts.connect(connections),
      ].map((part) => (
        <span key={part}>{part}</span>
      ))}
    </section>
  );
}

interface BannerProps {
  text: string;
  action: ReactNode;
}

function Banner({ text, action }: BannerProps) {
  return (
    <section className={classes.banner} aria-label={words.status}>
      <IconAlertTriangleFilled size={16} aria-hidden="true" />
      <span className={classes.text} role="status">
        <Rich text={text} />
      </span>
      {action}
    </section>
  );
}
