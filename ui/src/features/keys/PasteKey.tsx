import { Modal, TextInput } from "@mantine/core";
import { IconClipboard, IconExternalLink } from "@tabler/icons-react";
import { useState } from "react";
import { type KeyView, type ProviderView, useAction, type WorkspaceView } from "../../ipc";
import { Button } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast, toastProblem } from "../../shared/toast";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { pasteWords as words } from "./words";

interface PasteKeyProps {
  provider: ProviderView;
  workspace: WorkspaceView;
  /** The key of the list whose secret it is; `null`: a key that is not in the list. */
  target: KeyView | null;
  onClose: () => void;
}

/** The dashboard's steps, and the button that stows what was copied there. The secret is read natively. */
export function PasteKey({ provider, workspace, target, onClose }: PasteKeyProps) {
  const [name, setName] = useState("");
  const paste = useAction("keys_paste");
  const open = useAction("workspaces_open_dashboard");
  const dashboard = target === null ? provider.dashboard : null;
  const stow = () =>
    paste.mutate(
      { name: target === null && name.trim() !== "" ? name.trim() : null, key: target?.id ?? null },
      {
        onSuccess: (key) => {
          onClose();
          toast({ text: words.stowed(key.name) });
        },
      },
    );
  return (
    <Modal
      opened
      onClose={onClose}
      size={500}
      title={
        <span className={classes.title}>
          {target === null ? words.title(provider.name) : words.titleOf(target.name)}
        </span>
      }
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.form}>
        {dashboard === null || dashboard.create.length === 0 ? (
          <p className={classes.sentence}>{target === null ? words.copyIt : words.copyItOf(target.masked)}</p>
        ) : (
          <ol className={classes.steps}>
            {dashboard.create.map((step) => (
              <li key={step}>{step}</li>
            ))}
          </ol>
        )}
        {dashboard === null ? null : (
          <div>
            <Button
              variant="default"
              icon={<IconExternalLink size={14} aria-hidden="true" />}
              onClick={() => open.mutate({ workspace: workspace.id }, { onError: toastProblem })}
              loading={open.isPending}
            >
              {words.open}
            </Button>
          </div>
        )}
        <p className={classes.note}>{words.once}</p>
        {target === null ? (
          <TextInput
            label={words.name}
            description={words.nameHint}
            value={name}
            maxLength={provider.key.nameMax}
            onChange={(event) => setName(event.currentTarget.value)}
          />
        ) : null}
        {paste.error === null ? null : (
          <ProblemAlert problem={paste.error} onRetry={stow} retrying={paste.isPending} outcome={words.nothing} />
        )}
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose}>
            {common.cancel}
          </Button>
          <Button
            icon={<IconClipboard size={14} aria-hidden="true" />}
            onClick={stow}
            loading={paste.isPending}
            data-autofocus
          >
            {words.paste}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
