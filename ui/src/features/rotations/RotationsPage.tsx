import { IconRefresh } from "@tabler/icons-react";
import type { QueryClient } from "@tanstack/react-query";
import { memo, useState } from "react";
import { fetchView, type RotationView, useView } from "../../ipc";
import { ButtonLink, Skeleton } from "../../shared/controls";
import { EmptyState } from "../../shared/EmptyState";
import { send } from "../../shared/errands";
import { Mark, type Tone } from "../../shared/Mark";
import { Page, Section } from "../../shared/Page";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { RelativeTime } from "../../shared/RelativeTime";
import { type Ending, EndRotation } from "./EndRotation";
import { Keys, Rotation } from "./Rotation";
import classes from "./RotationsPage.module.css";
import { rotationsWords as words } from "./words";

/** Asks for what the page shows before it is opened. */
export function askAhead(client: QueryClient): Promise<void>[] {
  return [fetchView(client, "rotations_list", {})];
}

/** How far keys are that make way for others, and what became of those before. */
export const RotationsPage = memo(function RotationsPage() {
  const rotations = useView("rotations_list", {}, { lookAgain: true });
  const status = useView("app_status", {});
  const hasKeys = (status.data?.keys ?? 0) > 0;
  const [ending, setEnding] = useState<Ending | null>(null);
  return (
    <Page
      title={words.title}
      about={words.about}
      actions={
        hasKeys ? (
          <ButtonLink
            href="#/keys"
            variant="default"
            icon={<IconRefresh size={14} aria-hidden="true" />}
            onClick={() => send({ does: "rotate-all" })}
          >
            {words.all}
          </ButtonLink>
        ) : null
      }
    >
      {rotations.isPending ? (
        <div className={classes.card} aria-hidden="true">
          <Skeleton width="32%" height={12} />
          <Skeleton width="56%" height={12} margin="12px 0 0" />
          <Skeleton width="44%" height={12} margin="12px 0 0" />
        </div>
      ) : rotations.error !== null ? (
        <ProblemAlert
          problem={rotations.error}
          onRetry={() => void rotations.refetch()}
          retrying={rotations.isFetching}
        />
      ) : (
        <Lists rotations={rotations.data} onEnd={setEnding} />
      )}
      {ending === null ? null : <EndRotation ending={ending} onClose={() => setEnding(null)} />}
    </Page>
  );
});

interface ListsProps {
  rotations: readonly RotationView[];
  onEnd: (ending: Ending) => void;
}

function Lists({ rotations, onEnd }: ListsProps) {
  if (rotations.length === 0) {
    return (
      <EmptyState
        icon={IconRefresh}
        title={words.none.title}
        text={words.none.text}
        action={
          <ButtonLink variant="default" href="#/keys">
            {words.none.action}
          </ButtonLink>
        }
      />
    );
  }
  const underWay = rotations.filter(({ endedAt }) => endedAt === null);
  const over = rotations.filter(({ endedAt }) => endedAt !== null);
  return (
    <>
      {underWay.length === 0 ? null : (
        <Section title={words.underWay} count={underWay.length}>
          {underWay.map((rotation) => (
            <Rotation key={rotation.id} rotation={rotation} onEnd={onEnd} />
          ))}
        </Section>
      )}
      {over.length === 0 ? null : (
        <Section title={words.history}>
          <div className={classes.lines}>
            <table className={classes.past}>
              <thead>
                <tr>
                  {Object.entries(words.columns).map(([column, title]) => (
                    <th key={column} scope="col">
                      {title}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {over.map((rotation) => (
                  <Past key={rotation.id} rotation={rotation} />
                ))}
              </tbody>
            </table>
          </div>
        </Section>
      )}
    </>
  );
}

const TONES: Partial<Record<RotationView["stage"], Tone>> = { retired: "good", failed: "bad" };

function Past({ rotation }: { rotation: RotationView }) {
  const { name, stage, emergency, endedAt, oldMasked, newMasked, failed } = rotation;
  return (
    <tr>
      <th scope="row">
        {name} <span className={classes.quiet}>{rotation.workspaceName}</span>
      </th>
      <td>
        <Mark tone={TONES[stage] ?? "quiet"}>{words.stage[stage]}</Mark>{" "}
        {emergency ? <Mark tone="warn">{words.emergency}</Mark> : null}
        {failed === null ? null : <p className={classes.why}>{failed}</p>}
      </td>
      <td>
        <Keys old={oldMasked} fresh={newMasked} />
      </td>
      <td className={classes.quiet}>{endedAt === null ? null : <RelativeTime at={endedAt} />}</td>
    </tr>
  );
}
