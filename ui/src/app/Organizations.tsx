import { Radio } from "@mantine/core";
import { useAction, useView, type WorkspaceView } from "../ipc";
import { Skeleton } from "../shared/controls";
import { ProblemAlert } from "../shared/ProblemAlert";
import { toast } from "../shared/toast";
import classes from "./ManageWorkspace.module.css";
import { manageWords as words } from "./words";

/** The organizations of an account; keys are those of the chosen one. */
export function Organizations({ workspace }: { workspace: WorkspaceView }) {
  const list = useView("workspaces_organizations", { workspace: workspace.id });
  const use = useAction("workspaces_use_organization");
  if (list.isPending) return <Skeleton height={48} />;
  if (list.error !== null) {
    return <ProblemAlert problem={list.error} onRetry={() => void list.refetch()} retrying={list.isFetching} />;
  }
  if (list.data.length === 0) return <p className={classes.note}>{words.noOrganization}</p>;
  const shown = use.isPending ? use.variables.organization : (workspace.organization?.id ?? "");
  return (
    <div className={classes.form}>
      <Radio.Group
        label={words.organization}
        description={words.organizationNote}
        value={shown}
        onChange={(organization) =>
          use.mutate(
            { workspace: workspace.id, organization },
            {
              onSuccess: (changed) => toast({ text: words.nowIn(changed.organization?.name ?? changed.name) }),
            },
          )
        }
      >
        <div className={classes.choices}>
          {list.data.map(({ id, name }) => (
            <Radio key={id} value={id} label={name} />
          ))}
        </div>
      </Radio.Group>
      {use.error === null ? null : <ProblemAlert problem={{ ...use.error, retry: false }} />}
    </div>
  );
}
