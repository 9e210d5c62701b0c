import { Modal } from "@mantine/core";
import { useEffect, useEffectEvent, useState } from "react";
import { type ServerView, type SignInView, useAction, useView } from "../../ipc";
import { Button, Skeleton } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { Section } from "../../shared/Page";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { SignInWait, useAttempt } from "../../shared/sign-in";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./Servers.module.css";
import { connectWords } from "./words";

const words = connectWords.servers;

/** The MCP servers of the workspace in use: what each takes, and the sign-in of those that take one. */
export function Servers({ below }: { below: boolean }) {
  const servers = useView("servers_list", {});
  if (servers.data?.length === 0) return null;
  return (
    <Section title={words.title} count={servers.data?.length} below={below}>
      {servers.error !== null ? (
        <ProblemAlert problem={servers.error} onRetry={() => void servers.refetch()} retrying={servers.isFetching} />
      ) : servers.data === undefined ? (
        <Skeleton height={56} />
      ) : (
        <ul className={classes.list}>
          {servers.data.map((server) => (
            <Server key={server.id} server={server} />
          ))}
        </ul>
      )}
    </Section>
  );
}

function Server({ server }: { server: ServerView }) {
  const { id, name, about, url, auth, caution, signedIn } = server;
  const signIn = useAction("servers_sign_in");
  const signOut = useAction("servers_sign_out");
  const [begun, setBegun] = useState<SignInView | null>(null);
  const start = () =>
    signIn.mutate(
      { server: id },
      {
        onSuccess: (view) => (view.state === "done" ? toast({ text: words.signedIn(name) }) : setBegun(view)),
      },
    );
  const leave = () =>
    signOut.mutate(
      { server: id },
      { onSuccess: () => toast({ text: words.signedOutToast(name) }), onError: toastProblem },
    );
  return (
    <li className={classes.server} aria-label={name}>
      <div className={classes.words}>
        <p className={classes.name}>
          {name} <span className={classes.note}>{words.auth(auth)}</span>
          {auth.includes("oauth") && signedIn ? <Mark tone="good">{words.isSignedIn}</Mark> : null}
        </p>
        <p className={classes.note}>{about}</p>
        {url === "" ? (
          <p className={classes.note}>{words.noUrl}</p>
        ) : (
          <div className={classes.url}>
            <PathText path={url} copies={words.address(name)} />
          </div>
        )}
        {caution === null ? null : (
          <p className={classes.caution}>
            <Mark tone="warn">{caution}</Mark>
          </p>
        )}
        {signIn.error === null ? null : (
          <ProblemAlert problem={signIn.error} onRetry={start} retrying={signIn.isPending} />
        )}
      </div>
      {!auth.includes("oauth") || url === "" ? null : signedIn ? (
        <Button variant="default" aria-label={words.signOutOf(name)} onClick={leave} loading={signOut.isPending}>
          {words.signOut}
        </Button>
      ) : (
        <Button variant="default" aria-label={words.signInTo(name)} onClick={start} loading={signIn.isPending}>
          {words.signIn}
        </Button>
      )}
      {begun === null ? null : (
        <Waiting
          name={name}
          begun={begun}
          onDone={() => {
            setBegun(null);
            toast({ text: words.signedIn(name) });
          }}
          onClose={() => setBegun(null)}
        />
      )}
    </li>
  );
}

interface WaitingProps {
  name: string;
  begun: SignInView;
  onDone: () => void;
  onClose: () => void;
}

/** Waits for the browser; closing it calls the sign-in off. */
function Waiting({ name, begun, onDone, onClose }: WaitingProps) {
  const attempt = useAttempt(onDone);
  const begin = useEffectEvent(() => attempt.take(begun));
  const abandon = useEffectEvent(attempt.cancel);
  useEffect(() => {
    begin();
    return () => abandon();
  }, []);
  const { pending, cancelled, problem } = attempt;
  const over = useEffectEvent(onClose);
  useEffect(() => {
    if (cancelled) over();
  }, [cancelled]);
  return (
    <Modal
      opened
      onClose={onClose}
      size={480}
      title={<span className={classes.title}>{words.signInTo(name)}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      {pending !== null ? (
        <SignInWait attempt={attempt} pending={pending} />
      ) : problem !== null ? (
        <ProblemAlert problem={{ ...problem, retry: false }} />
      ) : null}
    </Modal>
  );
}
