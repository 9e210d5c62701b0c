import { Menu } from "@mantine/core";
import { IconAdjustmentsHorizontal, IconCheck, IconLogin2, IconLogout, IconPlus } from "@tabler/icons-react";
import type { WorkspaceView } from "../ipc";
import { useNow } from "../shared/useNow";
import classes from "./WorkspaceMenu.module.css";
import { manageWords, appWords as words } from "./words";

interface WorkspaceListProps {
  current: WorkspaceView | null;
  workspaces: readonly WorkspaceView[];
  /** The one in use can be left. */
  leaves: boolean;
  onUse: (workspace: WorkspaceView) => void;
  onAdd: () => void;
  onManage: (workspace: WorkspaceView) => void;
  onSignIn: () => void;
  onSignOut: (workspace: WorkspaceView) => void;
  onClose: () => void;
}

/** The workspaces to choose from, and what can be done with the one in use. */
export function WorkspaceList(props: WorkspaceListProps) {
  const { current, workspaces, leaves, onUse, onAdd, onManage, onSignIn, onSignOut, onClose } = props;
  const now = useNow(...workspaces.map(({ expiresAt }) => expiresAt));
  return (
    <Menu
      opened
      onClose={onClose}
      position="bottom-start"
      width={272}
      withinPortal={false}
      // In a low window the rail scrolls, and must not cut it off.
      floatingStrategy="fixed"
      returnFocus={false}
    >
      <Menu.Target>
        <button type="button" className={classes.over} tabIndex={-1} aria-hidden="true">
          {words.workspaceMenu}
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        {workspaces.length === 0 ? null : (
          <>
            <Menu.Label>{words.workspaces}</Menu.Label>
            {workspaces.map((workspace) => (
              <Menu.Item
                key={workspace.id}
                rightSection={workspace.current ? <IconCheck size={14} aria-hidden="true" /> : null}
                aria-current={workspace.current ? "true" : undefined}
                onClick={() => (workspace.current ? undefined : onUse(workspace))}
              >
                <span className={classes.workspace}>{workspace.name}</span>
                <span className={classes.login}>{aboutWorkspace(workspace, now)}</span>
              </Menu.Item>
            ))}
            <Menu.Divider />
          </>
        )}
        <Menu.Item leftSection={<IconPlus size={14} aria-hidden="true" />} onClick={onAdd}>
          {words.add}
        </Menu.Item>
        {current === null ? null : (
          <Menu.Item
            leftSection={<IconAdjustmentsHorizontal size={14} aria-hidden="true" />}
            onClick={() => onManage(current)}
          >
            {words.manage(current.name)}
          </Menu.Item>
        )}
        {!current?.signedIn ? (
          <Menu.Item leftSection={<IconLogin2 size={14} aria-hidden="true" />} onClick={onSignIn}>
            {words.signIn}
          </Menu.Item>
        ) : leaves ? (
          <Menu.Item leftSection={<IconLogout size={14} aria-hidden="true" />} onClick={() => onSignOut(current)}>
            {words.signOut(current.name)}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
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
