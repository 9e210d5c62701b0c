import { Menu } from "@mantine/core";
import {
  IconAdjustmentsHorizontal,
  IconCheck,
  IconChevronDown,
  IconLogin2,
  IconLogout,
  IconPlus,
} from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useAction, useView, type WorkspaceView } from "../ipc";
import { AddWorkspaceDialog } from "../shared/add-workspace";
import { Brand } from "../shared/Brand";
import { useErrands } from "../shared/errands";
import { toast, toastProblem } from "../shared/toast";
import { useNow } from "../shared/useNow";
import { goTo } from "./router";
import classes from "./WorkspaceMenu.module.css";
import { manageWords, appWords as words } from "./words";

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
  const [adding, setAdding] = useState(false);
  const [managed, setManaged] = useState<string | null>(null);
  const now = useNow(...(workspaces.data ?? []).map(({ expiresAt }) => expiresAt));
  useErrands({ "add-workspace": () => setAdding(true) });
  const name = current?.name ?? words.noWorkspace;
  const shown = workspaces.data?.find(({ id }) => id === managed);
  const providerOf = (workspace: WorkspaceView) => providers.data?.find(({ id }) => id === workspace.provider) ?? null;
  const signsIn = current !== null && providerOf(current)?.methods.length !== 0;

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

  return (
    <>
      <Menu position="bottom-start" width={272} withinPortal={false}>
        <Menu.Target>
          <button type="button" className={classes.button}>
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
        </Menu.Target>
        <Menu.Dropdown>
          {workspaces.data === undefined || workspaces.data.length === 0 ? null : (
            <>
              <Menu.Label>{words.workspaces}</Menu.Label>
              {workspaces.data.map((workspace) => (
                <Menu.Item
                  key={workspace.id}
                  rightSection={workspace.current ? <IconCheck size={14} aria-hidden="true" /> : null}
                  aria-current={workspace.current ? "true" : undefined}
                  onClick={() =>
                    workspace.current
                      ? undefined
                      : use.mutate(
                          { workspace: workspace.id },
                          { onSuccess: () => toast({ text: words.switched(workspace.name) }), onError: toastProblem },
                        )
                  }
                >
                  <span className={classes.workspace}>{workspace.name}</span>
                  <span className={classes.login}>{aboutWorkspace(workspace, now)}</span>
                </Menu.Item>
              ))}
              <Menu.Divider />
            </>
          )}
          <Menu.Item leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={() => setAdding(true)}>
            {words.add}
          </Menu.Item>
          {current === null ? null : (
            <Menu.Item
              leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden="true" />}
              onClick={() => setManaged(current.id)}
            >
              {words.manage(current.name)}
            </Menu.Item>
          )}
          {!current?.signedIn ? (
            <Menu.Item leftSection={<IconLogin2 size={14} aria-hidden="true" />} onClick={onSignIn}>
              {words.signIn}
            </Menu.Item>
          ) : signsIn ? (
            <Menu.Item leftSection={<IconLogout size={14} aria-hidden="true" />} onClick={() => leave(current)}>
              {words.signOut(current.name)}
            </Menu.Item>
          ) : null}
        </Menu.Dropdown>
      </Menu>
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
        <Suspense fallback={null}>
          <ManageWorkspace
            key={shown.id}
            workspace={shown}
            provider={providerOf(shown)}
            onClose={() => setManaged(null)}
            onSignOut={() => leave(shown)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Whose it is, or what is the matter with it. */
function aboutWorkspace({ signedIn, login, organization, expiresAt, url }: WorkspaceView, now: number): string {
  if (!signedIn) return words.signedOut;
  const parts = [organization?.name, login === "" ? new URL(url).host : login];
  if (expiresAt !== null) {
    parts.push(expiresAt < now ? words.tokenOver : manageWords.until(expiresAt, now));
  }
  return parts.filter((part) => part !== undefined).join(" · ");
}
