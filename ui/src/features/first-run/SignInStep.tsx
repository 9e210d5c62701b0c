import { Button, Loader } from "@mantine/core";
import { useState } from "react";
import { type Method, type Problem, type SignInView, useAction } from "../../ipc";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { words as common } from "../../shared/words";
import classes from "./FirstRunPage.module.css";
import { firstRunWords } from "./words";

const words = firstRunWords.signIn;
const LOCAL = "local";

interface SignInStepProps {
  onDone: (line: string) => void;
}

/** The local workspace in one click, or the browser, which can be called off. */
export function SignInStep({ onDone }: SignInStepProps) {
  const signIn = useAction("sessions_sign_in");
  const wait = useAction("sessions_wait");
  const cancel = useAction("sessions_cancel");
  const [waiting, setWaiting] = useState<SignInView | null>(null);
  const [cancelled, setCancelled] = useState(false);
  const problem: Problem | null = signIn.error ?? wait.error;
  const starting = signIn.isPending ? signIn.variables.method : undefined;

  const settle = (view: SignInView) => {
    if (view.state === "waiting" && view.attempt !== null) {
      setWaiting(view);
      wait.mutate({ attempt: view.attempt }, { onSuccess: settle, onError: () => setWaiting(null) });
      return;
    }
    setWaiting(null);
    setCancelled(view.state === "cancelled");
    if (view.state === "done" && view.workspace !== null) onDone(words.done(view.workspace));
  };
  const start = (method: Method | null) => {
    setCancelled(false);
    wait.reset();
    signIn.mutate({ provider: LOCAL, method, url: null, login: null, fromClipboard: false }, { onSuccess: settle });
  };

  if (waiting?.attempt != null) {
    const { attempt, url } = waiting;
    return (
      <section className={classes.card} aria-label={words.waiting}>
        <h2 className={classes.heading}>
          <Loader aria-hidden="true" /> {words.waiting}
        </h2>
        {url === null ? null : (
          <>
            <p className={classes.text}>{words.waitingNote}</p>
            <div className={classes.url}>
              <PathText path={url} copies="address" />
            </div>
          </>
        )}
        <div className={classes.buttons}>
          <Button variant="default" onClick={() => cancel.mutate({ attempt })} loading={cancel.isPending}>
            {common.cancel}
          </Button>
        </div>
      </section>
    );
  }

  return (
    <section className={classes.card} aria-label={firstRunWords.steps.signIn}>
      <h2 className={classes.heading}>{words.heading}</h2>
      {problem === null ? null : (
        <ProblemAlert problem={problem} onRetry={() => start(signIn.variables?.method ?? null)} />
      )}
      <div className={classes.ways}>
        <Button size="md" fullWidth onClick={() => start(null)} loading={starting === null} disabled={signIn.isPending}>
          {words.local}
        </Button>
        <p className={classes.note}>{words.localNote}</p>
        <Button
          variant="default"
          fullWidth
          onClick={() => start("browser")}
          loading={starting === "browser"}
          disabled={signIn.isPending}
        >
          {words.browser}
        </Button>
      </div>
      {cancelled ? (
        <p className={classes.note} role="status">
          {words.cancelled}
        </p>
      ) : null}
    </section>
  );
}
