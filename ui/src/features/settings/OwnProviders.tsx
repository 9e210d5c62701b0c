import { useState } from "react";
import { useView } from "../../ipc";
import { AddWorkspaceDialog } from "../../shared/add-workspace";
import { Button, Skeleton } from "../../shared/controls";
import { Mark } from "../../shared/Mark";
import { Section } from "../../shared/Page";
import { PathText } from "../../shared/PathText";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { toast } from "../../shared/toast";
import classes from "./SettingsPage.module.css";
import { ownWords as words } from "./words";

const CUSTOM = { provider: "custom", url: "", login: "" };

/** Provider files of the person's own: where they are, which are used, which are not and why. */
export function OwnProviders() {
  const own = useView("providers_own", {});
  const providers = useView("providers_list", {});
  const [adding, setAdding] = useState(false);
  const used = providers.data?.filter(({ ownFile }) => ownFile !== null) ?? [];
  return (
    <Section
      below
      title={words.title}
      aside={
        <Button variant="default" onClick={() => setAdding(true)}>
          {words.add}
        </Button>
      }
    >
      {own.error !== null ? (
        <ProblemAlert problem={own.error} onRetry={() => void own.refetch()} retrying={own.isFetching} />
      ) : own.data === undefined ? (
        <Skeleton height={56} />
      ) : (
        <div className={classes.panel}>
          <div className={classes.setting}>
            <div className={classes.words}>
              <p className={classes.name}>{words.directory}</p>
              <p className={classes.note}>{words.directoryNote}</p>
            </div>
            <div className={classes.value}>
              <PathText path={own.data.directory} copies={words.path} />
            </div>
          </div>
          <ul className={classes.checks} aria-label={words.files}>
            {used.map(({ id, name, about, ownFile }) => (
              <li key={id} className={classes.check}>
                <code className={classes.file}>{ownFile}</code>
                <span className={classes.checkDetail}>
                  {name} <span className={classes.note}>{about}</span>
                </span>
                <Mark tone="good">{words.used}</Mark>
              </li>
            ))}
            {own.data.broken.map(({ file, reason }) => (
              <li key={file} className={classes.check}>
                <code className={classes.file}>{file}</code>
                <span className={classes.checkDetail}>{reason}</span>
                <Mark tone="bad">{words.broken}</Mark>
              </li>
            ))}
          </ul>
        </div>
      )}
      {adding ? (
        <AddWorkspaceDialog
          again={CUSTOM}
          onClose={() => setAdding(false)}
          onDone={(workspace) => {
            setAdding(false);
            toast({ text: words.added(workspace.name) });
          }}
        />
      ) : null}
    </Section>
  );
}
