import { IconChevronDown } from "@tabler/icons-react";
import { lazy, Suspense, useRef, useState } from "react";
import { useAction, useView, type WorkspaceView } from "../ipc";
import { Brand } from "../shared/Brand";
import { useErrands } from "../shared/errands";
import { toast, toastProblem } from "../shared/toast";
import { goTo } from "./router";
import classes from "./WorkspaceMenu.module.css";
import { appWords as words } from "./words";

export const loadWorkspaceList = () => import("./WorkspaceList");
const WorkspaceList = lazy(() => loadWorkspaceList().then((module) => ({ default: module.WorkspaceList })));
const AddWorkspaceDialog = lazy(() =>
  import("../shared/add-workspace").then((module) => ({ default: module.AddWorkspaceDialog })),
);
const ManageWorkspace = lazy(() => import("./ManageWorkspace").then((module) => ({ default: module.ManageWorkspace })));

interface WorkspaceMenuProps {
  current: WorkspaceView | null;
  onSignIn: () => void;
}

/** The workspace in use, the others, and the way in and out. */
export function WorkspaceMenu({ current, onSignIn }: WorkspaceMenuProps) {
  const workspaces = useView("workspaces_list", {});
  const providers = useView("providers_list", {});
  const use = useAction("workspaces_use");
  const signOut = useAction("sessions_sign_out");
  const button = useRef<HTMLButtonElement>(null);
  const [opened, setOpened] = useState(false);
  const [adding, setAdding] = useState(false);
  const [managed, setManaged] = useState<string | null>(null);
  useErrands({ "add-workspace": () => setAdding(true) });
  const name = current?.name ?? words.noWorkspace;
  const shown = workspaces.data?.find(({ id }) => id === managed);
  const providerOf = (workspace: WorkspaceView) => providers.data?.find(({ id }) => id === workspace.provider) ?? null;
  const leave = (workspace: WorkspaceView) =>
    signOut.mutate(
      { workspace: workspace.id },
      {
        onSuccess: () => {
          setManaged(null);
          toast({ text: words.signedOutToast(workspace.name) });
          goTo("keys");
        },
        onError: toastProblem,
      },
    );
  const close = () => {
    setOpened(false);
    button.current?.focus({ preventScroll: true });
  };

  return (
    <>
      <div className={classes.place}>
        <button
          ref={button}
          type="button"
          className={classes.button}
          aria-haspopup="menu"
          aria-expanded={opened}
          onClick={() => setOpened(true)}
        >
          <Brand size={22} />
          <span className="ks-hidden">{words.workspaceMenu}</span>{" "}
          <span className={classes.names}>
            <span className={classes.name}>{name}</span>{" "}
            {current?.organization == null ? null : (
              <span className={classes.organization}>{current.organization.name}</span>
            )}
          </span>
          <IconChevronDown size={14} aria-hidden="true" />
        </button>
        {opened ? (
          <Suspense fallback={null}>
            <WorkspaceList
              current={current}
              workspaces={workspaces.data ?? []}
              leaves={current !== null && providerOf(current)?.methods.length !== 0}
              onUse={({ id, name: used }) =>
                use.mutate(
                  { workspace: id },
                  { onSuccess: () => toast({ text: words.switched(used) }), onError: toastProblem },
                )
              }
              onAdd={() => setAdding(true)}
              onManage={({ id }) => setManaged(id)}
              onSignIn={onSignIn}
              onSignOut={leave}
              onClose={close}
            />
          </Suspense>
        ) : null}
      </div>
      <Suspense fallback={null}>
        {adding ? (
          <AddWorkspaceDialog
            onClose={() => setAdding(false)}
            onDone={(workspace) => {
              setAdding(false);
              toast({ text: words.added(workspace.name) });
              goTo("keys");
            }}
          />
        ) : null}
        {shown === undefined ? null : (
          <ManageWorkspace
            key={shown.id}
            workspace={shown}
            provider={providerOf(shown)}
            onClose={() => setManaged(null)}
            onSignOut={() => leave(shown)}
          />
        )}
      </Suspense>
    </>
  );
}
