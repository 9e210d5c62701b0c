import { Menu } from "@mantine/core";
import { IconCheck, IconChevronDown, IconLogin2, IconLogout } from "@tabler/icons-react";
import { useAction, useView, type WorkspaceView } from "../ipc";
import { Brand } from "../shared/Brand";
import { toast, toastProblem } from "../shared/toast";
import { goTo } from "./router";
import classes from "./WorkspaceMenu.module.css";
import { appWords as words } from "./words";

interface WorkspaceMenuProps {
  current: WorkspaceView | null;
  onSignIn: () => void;
}

/** The workspace in use, the others, and the way in and out. */
export function WorkspaceMenu({ current, onSignIn }: WorkspaceMenuProps) {
  const workspaces = useView("workspaces_list", {});
  const use = useAction("workspaces_use");
  const signOut = useAction("sessions_sign_out");
  const name = current?.name ?? words.noWorkspace;

  const leave = (workspace: WorkspaceView) =>
    signOut.mutate(
      { workspace: workspace.id },
      {
        onSuccess: () => {
          toast({ text: words.signedOutToast(workspace.name) });
          goTo("keys");
        },
        onError: toastProblem,
      },
    );

  return (
    <Menu position="bottom-start" width={248}>
      <Menu.Target>
        <button type="button" className={classes.button} aria-label={words.workspaceMenu(name)}>
          <Brand size={22} />
          <span className={classes.name}>{name}</span>
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
                <span className={classes.login}>{workspace.signedIn ? workspace.login : words.signedOut}</span>
              </Menu.Item>
            ))}
            <Menu.Divider />
          </>
        )}
        {current?.signedIn ? (
          <Menu.Item leftSection={<IconLogout size={14} aria-hidden="true" />} onClick={() => leave(current)}>
            {words.signOut(current.name)}
          </Menu.Item>
        ) : (
          <Menu.Item leftSection={<IconLogin2 size={14} aria-hidden="true" />} onClick={onSignIn}>
            {words.signIn}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}
