import { useState } from "react";
import { type Method, type Problem, useAction, type WorkspaceView } from "../../ipc";
import { AddWorkspaceDialog, type Again } from "../../shared/add-workspace";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { SignInWait, signInWords, useAttempt } from "../../shared/sign-in";
import classes from "./FirstRunPage.module.css";
import { firstRunWords } from "./words";

const words = firstRunWords.signIn;
const LOCAL = "local";

interface SignInStepProps {
  /** The workspace whose session is gone, if there is one. */
  workspace: WorkspaceView | null;
  onDone: (line: string) => void;
}

/** The local workspace in one click, its browser, or a product that the person has an account at. */
export function SignInStep({ workspace, onDone }: SignInStepProps) {
  const signIn = useAction("sessions_sign_in");
  const [adding, setAdding] = useState<{ again: Again | null } | null>(null);
  const arrive = (arrived: WorkspaceView) => onDone(words.done(arrived));
  const attempt = useAttempt((view) => (view.workspace === null ? undefined : arrive(view.workspace)));
  const problem: Problem | null = signIn.error ?? attempt.problem;
  const starting = signIn.isPending ? signIn.variables.method : undefined;
  const gone = workspace !== null && workspace.provider !== LOCAL ? workspace : null;

  const start = (method: Method | null) => {
    attempt.reset();
    signIn.mutate(
      { provider: LOCAL, method, url: null, login: null, fromClipboard: false },
      { onSuccess: attempt.take },
    );
  };

  if (attempt.pending !== null) {
    return (
      <section className={classes.card} aria-label={firstRunWords.steps.signIn}>
        <SignInWait attempt={attempt} pending={attempt.pending} />
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
        {gone === null ? null : (
          <>
            <Button
              size="large"
              wide
              onClick={() => setAdding({ again: { provider: gone.provider, url: gone.url, login: gone.login } })}
            >
              {words.again(gone.name)}
            </Button>
            <p className={classes.note}>{words.againNote}</p>
          </>
        )}
        <Button
          size={gone === null ? "large" : "normal"}
          variant={gone === null ? "filled" : "default"}
          wide
          onClick={() => start(null)}
          loading={starting === null}
          disabled={signIn.isPending}
        >
          {words.local}
        </Button>
        <p className={classes.note}>{words.localNote}</p>
        <Button variant="default" wide onClick={() => setAdding({ again: null })} disabled={signIn.isPending}>
          {words.product}
        </Button>
        <p className={classes.note}>{words.productNote}</p>
        <Button
          variant="subtle"
          wide
          onClick={() => start("browser")}
          loading={starting === "browser"}
          disabled={signIn.isPending}
        >
          {words.browser}
        </Button>
      </div>
      {attempt.cancelled ? (
        <p className={classes.note} role="status">
          {signInWords.cancelled}
        </p>
      ) : null}
      {adding === null ? null : (
        <AddWorkspaceDialog
          again={adding.again}
          onClose={() => setAdding(null)}
          onDone={(added) => {
            setAdding(null);
            arrive(added);
          }}
        />
      )}
    </section>
  );
}
