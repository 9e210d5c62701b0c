import { IconKey } from "@tabler/icons-react";
import type { FilePlanView } from "../../ipc";
import { Button, Skeleton, Tabs } from "../controls";
import { Mark } from "../Mark";
import { PathText } from "../PathText";
import { ProblemAlert } from "../ProblemAlert";
import { Tile } from "../Tile";
import { words } from "../words";
import { Diff } from "./Diff";
import classes from "./PlanPreview.module.css";
import type { PlanFlow } from "./usePlan";
import { WaitToQuit } from "./WaitToQuit";
import { planWords } from "./words";

interface PlanPreviewProps {
  flow: PlanFlow;
  /** What the button that leaves says. */
  cancel: string;
  onCancel: () => void;
  /** What the button says where a plan does something without writing a file; `null`: then there is nothing to do. */
  unwritten: string | null;
  /** The wish is not the person's own: leaving is the default. */
  cautious?: boolean;
}

/** The files on the left, what changes in each on the right, and the one button that writes. */
export function PlanPreview({ flow, cancel, onCancel, unwritten, cautious = false }: PlanPreviewProps) {
  const { plan, planning, planProblem, writeProblem } = flow;
  const blocked = plan?.files.some((file) => file.problem !== null) ?? false;
  const idle = plan !== undefined && plan.writes === 0 && unwritten === null;
  const unready = plan === undefined || planning || blocked || writeProblem !== null;
  return (
    <div className={classes.root} data-failed={writeProblem !== null}>
      {planProblem !== null ? (
        <ProblemAlert
          problem={planProblem}
          outcome={words.nothingWritten}
          onRetry={flow.newPreview}
          retrying={planning}
        />
      ) : plan === undefined ? (
        <Waiting />
      ) : (
        <>
          <Files files={plan.files} createsKeys={plan.createsKeys} onReplace={flow.replace} onQuit={flow.newPreview} />
          {writeProblem === null ? null : (
            <ProblemAlert
              problem={{ ...writeProblem, retry: false }}
              {...(flow.partly === null ? { outcome: words.nothingWritten } : {})}
              action={
                flow.partly === null ? (
                  <Button variant="default" onClick={flow.newPreview} loading={planning}>
                    {planWords.newPreview}
                  </Button>
                ) : (
                  <Button variant="default" onClick={flow.partly.rollBack} loading={flow.partly.rollingBack}>
                    {planWords.rollBack}
                  </Button>
                )
              }
            />
          )}
        </>
      )}
      <footer className={classes.footer}>
        <span className={classes.note}>{blocked ? planWords.cannot : idle ? planWords.nothing : null}</span>
        <Button variant="default" onClick={onCancel} disabled={flow.writing} data-autofocus={cautious || undefined}>
          {idle && cancel === words.cancel ? words.close : cancel}
        </Button>
        {idle ? null : (
          <Button
            onClick={flow.write}
            loading={flow.writing}
            disabled={unready}
            // What cannot be pressed cannot have the focus, which would stay on the page below.
            data-autofocus={(!unready && !cautious) || undefined}
          >
            {plan?.writes === 0 && unwritten !== null ? unwritten : planWords.write(plan?.writes)}
          </Button>
        )}
      </footer>
    </div>
  );
}

interface FilesProps {
  files: readonly FilePlanView[];
  createsKeys: readonly string[];
  onReplace: () => void;
  onQuit: () => void;
}

function Files({ files, createsKeys, onReplace, onQuit }: FilesProps) {
  const first = Math.max(
    0,
    files.findIndex((file) => file.problem !== null),
  );
  return (
    <Tabs
      kept
      upright
      aria-label={planWords.files}
      first={String(first)}
      tabs={files.map((file, index) => ({
        name: String(index),
        label: (
          <>
            <Tile id={file.client} name={file.clientName} />
            <span className={classes.tabWords}>
              <span className={classes.client}>{file.clientName}</span>
              <FileMark file={file} />
            </span>
          </>
        ),
        panel: <FilePanel key={keyOf(file)} file={file} onReplace={onReplace} onQuit={onQuit} />,
      }))}
      classNames={{
        root: classes.files,
        side: classes.side,
        list: classes.list,
        tab: classes.tab,
        panel: classes.panel,
      }}
      aside={
        createsKeys.length === 0 ? null : (
          <div className={classes.keys}>
            <p className={classes.keysTitle}>{planWords.keys(createsKeys.length)}</p>
            <ul className={classes.keysList}>
              {createsKeys.map((name) => (
                <li key={name}>
                  <IconKey size={13} aria-hidden="true" />
                  <span>{name}</span>
                </li>
              ))}
            </ul>
          </div>
        )
      }
    />
  );
}

function FileMark({ file }: { file: FilePlanView }) {
  if (file.problem !== null) return <Mark tone="bad">{planWords.unwritable}</Mark>;
  if (file.warnings.some(({ severity }) => severity === "caution"))
    return <Mark tone="warn">{planWords.change[file.action]}, see note</Mark>;
  return <span className={classes.action}>{planWords.change[file.action]}</span>;
}

interface FilePanelProps {
  file: FilePlanView;
  onReplace: () => void;
  onQuit: () => void;
}

function FilePanel({ file, onReplace, onQuit }: FilePanelProps) {
  const { path, problem, warnings, diff, action } = file;
  return (
    <>
      <PathText path={path} copies={words.path} />
      {warnings.map((warning) => (
        <div key={warning.code} className={classes.warning} data-severity={warning.severity}>
          {warning.severity === "note" ? warning.text : <Mark tone="warn">{warning.text}</Mark>}
          {warning.code === "plan.client_running" ? (
            <WaitToQuit client={file.client} name={file.clientName} onQuit={onQuit} />
          ) : null}
        </div>
      ))}
      {problem === null ? null : (
        <ProblemAlert
          problem={{ ...problem, retry: false }}
          outcome={words.nothingWritten}
          action={
            problem.code === "edit.entry_taken" ? (
              <Button variant="default" onClick={onReplace}>
                {planWords.replace}
              </Button>
            ) : null
          }
        />
      )}
      {diff.length === 0 ? null : <Diff path={path} lines={diff} />}
      {problem === null ? (
        <p className={classes.stays}>
          {action === "change"
            ? planWords.stays
            : action === "create"
              ? planWords.made
              : action === "delete"
                ? planWords.deleted
                : planWords.same}
        </p>
      ) : null}
    </>
  );
}

function Waiting() {
  return (
    <output className={classes.files} aria-label={planWords.planning}>
      <div className={classes.side}>
        <Skeleton height={48} />
        <Skeleton height={48} margin="4px 0 0" />
      </div>
      <div className={classes.panel}>
        <Skeleton height={16} width="50%" />
        <Skeleton height={240} />
      </div>
    </output>
  );
}

function keyOf(file: FilePlanView): string {
  return `${file.client} ${file.path}`;
}
