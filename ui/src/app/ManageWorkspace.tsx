import { Modal, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";
import { type ProviderView, useAction, type WorkspaceView } from "../ipc";
import { HeaderFields, headerRequests, headerValues, missingHeader } from "../shared/add-workspace";
import { Button } from "../shared/controls";
import { Mark } from "../shared/Mark";
import { PathText } from "../shared/PathText";
import { ProblemAlert } from "../shared/ProblemAlert";
import { toast } from "../shared/toast";
import { useNow } from "../shared/useNow";
import { words as common } from "../shared/words";
import classes from "./ManageWorkspace.module.css";
import { Organizations } from "./Organizations";
import { RemoveWorkspace } from "./RemoveWorkspace";
import { manageWords as words } from "./words";

export interface ManageWorkspaceProps {
  workspace: WorkspaceView;
  provider: ProviderView | null;
  onClose: () => void;
  onSignOut: () => void;
}

/** All about one workspace: its name, organization, headers, session, and the way out. */
export function ManageWorkspace({ workspace, provider, onClose, onSignOut }: ManageWorkspaceProps) {
  const [name, setName] = useState(workspace.name);
  const [headers, setHeaders] = useState(() => headerValues(workspace.headers));
  const set = useAction("workspaces_set");
  const missing = missingHeader(workspace.headers, headers);
  const changed =
    name.trim() !== workspace.name ||
    workspace.headers.some((header) => (headers[header.name] ?? "").trim() !== (header.value ?? ""));
  const save = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === "" || missing !== null) return;
    set.mutate(
      { workspace: workspace.id, name: name.trim(), headers: headerRequests(headers) },
      { onSuccess: (saved) => toast({ text: words.saved(saved.name) }) },
    );
  };
  return (
    <Modal
      opened
      onClose={onClose}
      size={520}
      title={<span className={classes.title}>{workspace.name}</span>}
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.parts}>
        <dl className={classes.facts}>
          <dt>{words.product}</dt>
          <dd>{provider?.name ?? workspace.provider}</dd>
          <dt>{words.address}</dt>
          <dd>
            <PathText path={workspace.url} copies={common.address} />
          </dd>
          {workspace.login === "" ? null : (
            <>
              <dt>{words.account}</dt>
              <dd>{workspace.login}</dd>
            </>
          )}
          <dt>{words.session}</dt>
          <dd>
            <Session workspace={workspace} />
          </dd>
        </dl>
        <form className={classes.form} onSubmit={save} noValidate>
          <TextInput
            label={words.name}
            value={name}
            maxLength={100}
            error={name.trim() === "" ? words.nameMissing : null}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <HeaderFields headers={workspace.headers} values={headers} missing={missing} onChange={setHeaders} />
          {set.error === null ? null : <ProblemAlert problem={{ ...set.error, retry: false }} />}
          <div className={classes.footer}>
            <Button type="submit" variant="default" disabled={!changed} loading={set.isPending}>
              {words.save}
            </Button>
          </div>
        </form>
        {workspace.signedIn && provider?.capabilities.includes("workspaces") ? (
          <Organizations workspace={workspace} />
        ) : null}
        <RemoveWorkspace
          workspace={workspace}
          signsIn={(provider?.methods.length ?? 0) > 0}
          onSignOut={onSignOut}
          onRemoved={onClose}
        />
      </div>
    </Modal>
  );
}

function Session({ workspace: { signedIn, expiresAt } }: { workspace: WorkspaceView }) {
  const now = useNow(expiresAt);
  if (!signedIn) return <Mark tone="warn">{words.signedOut}</Mark>;
  if (expiresAt === null) return <Mark tone="good">{words.usable}</Mark>;
  return expiresAt < now ? (
    <Mark tone="bad">{words.tokenOver}</Mark>
  ) : (
    <span data-at={expiresAt}>
      <Mark tone="good">{words.until(expiresAt, now)}</Mark>
    </span>
  );
}
