import { Modal } from "@mantine/core";
import { IconExternalLink } from "@tabler/icons-react";
import { type DashboardView, type KeyView, useAction } from "../../ipc";
import { Button } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast, toastProblem } from "../../shared/toast";
import { useNow } from "../../shared/useNow";
import { words as common } from "../../shared/words";
import classes from "./dialog.module.css";
import { revokeWords as words } from "./words";

const DAY_MS = 86_400_000;

interface RevokeKeyProps {
  target: KeyView;
  /** Only its dashboard can revoke it: here it is forgotten. */
  forgets: boolean;
  /** It stands in everybody's list. */
  others: boolean;
  dashboard: DashboardView | null;
  onClose: () => void;
  /** It is no more. */
  onGone: () => void;
}

/** Names the key, who uses it and when it was last used; keeping it is the default. */
export function RevokeKey({ target, forgets, others, dashboard, onClose, onGone }: RevokeKeyProps) {
  const now = useNow(target.lastUsedAt);
  const revoke = useAction("keys_delete");
  const revokeOther = useAction("keys_revoke_other");
  const open = useAction("workspaces_open_dashboard");
  const recent = target.lastUsedAt !== null && now - target.lastUsedAt < DAY_MS;
  const onSuccess = () => {
    onClose();
    onGone();
    toast({ text: forgets ? words.forgot(target.name) : words.revoked(target.name) });
  };
  const confirm = () =>
    others
      ? revokeOther.mutate({ key: target.id, name: target.name }, { onSuccess })
      : revoke.mutate({ key: target.id }, { onSuccess });
  const { error, isPending } = others ? revokeOther : revoke;
  return (
    <Modal
      opened
      onClose={onClose}
      size={forgets ? 500 : 440}
      title={
        <span className={classes.title}>{forgets ? words.forgetTitle(target.name) : words.title(target.name)}</span>
      }
      closeButtonProps={{ "aria-label": common.close }}
    >
      <div className={classes.form}>
        <div>
          <p className={classes.sentence}>{others ? words.usesOther(target, now) : words.uses(target, now)}</p>
          {recent ? (
            <p className={classes.sentence}>
              <Mark tone="warn">{words.recent}</Mark>
            </p>
          ) : null}
          <p className={classes.sentence}>{forgets ? words.forgetConsequence : words.consequence}</p>
        </div>
        {forgets && dashboard !== null ? (
          <div className={classes.guide}>
            <p className={classes.label}>{words.steps}</p>
            <ol className={classes.steps}>
              {dashboard.revoke.map((step) => (
                <li key={step}>{step}</li>
              ))}
            </ol>
            <Button
              variant="default"
              icon={<IconExternalLink size={14} aria-hidden="true" />}
              onClick={() => open.mutate({ workspace: target.workspace }, { onError: toastProblem })}
            >
              {words.open}
            </Button>
          </div>
        ) : null}
        {error === null ? null : <ProblemAlert problem={error} onRetry={confirm} retrying={isPending} />}
        <footer className={classes.footer}>
          <Button variant="default" onClick={onClose} data-autofocus>
            {words.keep}
          </Button>
          <Button danger onClick={confirm} loading={isPending}>
            {forgets ? words.forget : words.revoke}
          </Button>
        </footer>
      </div>
    </Modal>
  );
}
