import type { ReactNode } from "react";
import { type RotationClientState, type RotationClientView, type RotationView, useAction } from "../../ipc";
import { Button, Progress } from "../../shared/controls";
import { Mark, type Tone } from "../../shared/Mark";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { Rich } from "../../shared/Rich";
import { Tile } from "../../shared/Tile";
import { toast, toastProblem } from "../../shared/toast";
import { useNow } from "../../shared/useNow";
import type { Ending } from "./EndRotation";
import classes from "./RotationsPage.module.css";
import { rotationsWords as words } from "./words";

interface RotationProps {
  rotation: RotationView;
  onEnd: (ending: Ending) => void;
}

/** One rotation: when the old key goes, and how far each client is. */
export function Rotation({ rotation, onEnd }: RotationProps) {
  const advance = useAction("rotations_advance");
  const { name, stage, clients, problem, waitsFor, oldMasked, newMasked, retiresAt, begunAt } = rotation;
  const now = useNow(retiresAt, begunAt, ...clients.map(({ acceptedAt }) => acceptedAt));
  const retirable = (stage === "switched" || stage === "observed") && rotation.steps.length === 0;
  const again = () => advance.mutate({ rotation: rotation.id }, { onError: toastProblem });
  return (
    <article className={classes.card} aria-label={name}>
      <div className={classes.head}>
        <h3 className={classes.name}>{name}</h3>
        <Mark tone={stage === "observed" ? "good" : "quiet"}>{words.stage[stage]}</Mark>
        {rotation.emergency ? <Mark tone="warn">{words.emergency}</Mark> : null}
        <Keys old={oldMasked} fresh={newMasked} />
        <span className={classes.quiet}>{words.begun(begunAt, Math.max(now, Date.now()))}</span>
        <div className={classes.acts}>
          {retirable ? (
            <Button
              variant="default"
              aria-label={words.retireLabel(name)}
              onClick={() => onEnd({ how: "retire", rotation })}
            >
              {words.retireNow}
            </Button>
          ) : null}
          {rotation.cancelable ? (
            <Button
              variant="default"
              aria-label={words.cancelLabel(name)}
              onClick={() => onEnd({ how: "cancel", rotation })}
            >
              {words.cancel}
            </Button>
          ) : null}
        </div>
      </div>
      <Sentence>
        {retiresAt === null
          ? null
          : rotation.grace === "now" || retiresAt <= now
            ? words.retiresSoon
            : words.retiresAt(retiresAt, now)}
      </Sentence>
      <Sentence>{waitsFor}</Sentence>
      <GoneOver name={name} clients={clients} />
      <ByHand rotation={rotation} onCheck={again} checking={advance.isPending} />
      {problem === null ? null : (
        <ProblemAlert problem={{ ...problem, retry: true }} onRetry={again} retrying={advance.isPending} />
      )}
      {clients.length === 0 ? (
        <Sentence>{words.noClient}</Sentence>
      ) : (
        <ul className={classes.clients}>
          {clients.map((client) => (
            <Client key={client.connection} client={client} now={now} />
          ))}
        </ul>
      )}
    </article>
  );
}

/** The visible ends of both keys, as far as there are two. */
export function Keys({ old, fresh }: { old: string; fresh: string | null }) {
  return (
    <span className={classes.keys}>
      <Rich plain text={fresh === null ? `\`${old}\`` : words.makesWay(old, fresh)} />
    </span>
  );
}

/** How many clients are where they are to be; nothing to show for one alone. */
function GoneOver({ name, clients }: { name: string; clients: readonly RotationClientView[] }) {
  if (clients.length < 2) return null;
  const over = clients.filter(({ state }) => !BEHIND.has(state)).length;
  return (
    <div className={classes.progress}>
      <Progress done={over} all={clients.length} aria-label={words.progress(name)} />
      <span className={classes.quiet}>{words.goneOver(over, clients.length)}</span>
    </div>
  );
}

/** Clients that are still to come over. */
const BEHIND: ReadonlySet<RotationClientState> = new Set(["waiting", "finishing", "holds"]);

function Sentence({ children }: { children: ReactNode }) {
  return children === null ? null : <p className={classes.sentence}>{children}</p>;
}

const TONES: Record<RotationClientState, Tone> = {
  not_running: "quiet",
  asks_anew: "quiet",
  on_it: "good",
  finishing: "quiet",
  waiting: "quiet",
  holds: "warn",
};

function Client({ client, now }: { client: RotationClientView; now: number }) {
  const { state, acceptedAt } = client;
  const said = words.client[state];
  return (
    <li className={classes.client}>
      <Tile id={client.client} name={client.name} size="sm" />
      <span>{client.name}</span>
      <Mark tone={TONES[state]}>{acceptedAt === null ? said : `${said}, ${words.lastCall(acceptedAt, now)}`}</Mark>
    </li>
  );
}

interface ByHandProps {
  rotation: RotationView;
  onCheck: () => void;
  checking: boolean;
}

/** What only the product's dashboard can do, and what comes after it. */
function ByHand({ rotation, onCheck, checking }: ByHandProps) {
  const open = useAction("workspaces_open_dashboard");
  const paste = useAction("rotations_paste");
  if (rotation.steps.length === 0) return null;
  const takeIn = () =>
    paste.mutate(
      { rotation: rotation.id },
      { onSuccess: ({ name }) => toast({ text: words.pasted(name) }), onError: toastProblem },
    );
  return (
    <>
      <ol>
        {rotation.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className={classes.head}>
        <Button
          variant="default"
          onClick={() => open.mutate({ workspace: rotation.workspace }, { onError: toastProblem })}
        >
          {words.open}
        </Button>
        {rotation.wantsKey ? (
          <Button onClick={takeIn} loading={paste.isPending}>
            {words.paste}
          </Button>
        ) : (
          <Button onClick={onCheck} loading={checking}>
            {words.check}
          </Button>
        )}
      </div>
    </>
  );
}
