import { Checkbox } from "@mantine/core";
import { type ReactNode, useId } from "react";
import type { FilePlanView, LeftKeyView, RemovalView } from "../../ipc";
import { Mark } from "../../shared/Mark";
import { PathText } from "../../shared/PathText";
import { Diff } from "../../shared/plan";
import { Rich } from "../../shared/Rich";
import { size } from "../../shared/size";
import { listed } from "../../shared/words";
import { known } from "./Places";
import classes from "./Removal.module.css";
import { placeWords, removalWords as words } from "./words";

/** What goes: entries, secrets, files. */
export function Goes({ preview }: { preview: RemovalView }) {
  const { files, secrets, places, localKeys, rotations, running } = preview;
  const others = secrets.some(({ name }) => name === "others");
  return (
    <Part title={words.goes}>
      {files.map((file) => (
        <Entry key={`${file.client} ${file.path}`} file={file} />
      ))}
      {files.length === 0 ? <Line>{words.noEntries}</Line> : null}
      {secrets
        .filter(({ name }) => name !== "others")
        .map(({ name, count }) => (
          <Line key={name}>{words.secrets(name, count)}</Line>
        ))}
      {others ? <Line>{words.ownSecrets}</Line> : null}
      {localKeys > 0 ? <Line>{words.localKeys(localKeys)}</Line> : null}
      {rotations > 0 ? <Line>{words.rotations(rotations)}</Line> : null}
      {places.map(({ id, path, bytes }) => (
        <li key={id} className={classes.place}>
          <span>{placeWords.places[known(id)].name}</span>
          <PathText path={path} />
          <span className={classes.size}>{size(bytes)}</span>
        </li>
      ))}
      {running.length > 0 ? (
        <li>
          <Mark tone="warn">{words.running(listed(running))}</Mark>
        </li>
      ) : null}
    </Part>
  );
}

/** One settings file, with what changes in it. */
function Entry({ file }: { file: FilePlanView }) {
  return (
    <li>
      <details className={classes.entry}>
        <summary>
          {words.entry(file.clientName)} <PathText path={file.path} />
          {file.problem === null ? null : <Mark tone="bad">{file.problem.title}</Mark>}
        </summary>
        {file.diff.length === 0 ? null : (
          <div className={classes.diff}>
            <Diff path={file.path} lines={file.diff} />
          </div>
        )}
      </details>
      {file.problem === null ? null : (
        <p className={classes.note}>
          <Rich text={file.problem.detail} />
        </p>
      )}
      {file.warnings.map(({ code, severity, text }) => (
        <p key={code} className={classes.note}>
          {severity === "caution" ? <Mark tone="warn">{text}</Mark> : text}
        </p>
      ))}
    </li>
  );
}

interface StaysProps {
  preview: RemovalView;
  revokeKeys: boolean;
  onRevokeKeys: (revoke: boolean) => void;
}

/** What stays, and the one thing of it that can go, too. */
export function Stays({ preview, revokeKeys, onRevokeKeys }: StaysProps) {
  const { kept, links, revocable, elsewhere } = preview;
  return (
    <Part title={words.stays}>
      {revocable.length === 0 ? null : (
        <li>
          <Checkbox
            checked={revokeKeys}
            onChange={(event) => onRevokeKeys(event.currentTarget.checked)}
            label={words.revoke(revocable.length)}
            description={revokeKeys ? words.revoked : words.notRevoked}
          />
          <Keys keys={revocable} />
        </li>
      )}
      {elsewhere.length === 0 ? null : (
        <li>
          {words.elsewhere(elsewhere.length)}
          <Keys keys={elsewhere} />
        </li>
      )}
      {links.length === 0 ? null : <Line>{words.links(listed(links))}</Line>}
      {kept.map((path) => (
        <li key={path} className={classes.place}>
          <span>{words.notOurs}</span>
          <PathText path={path} />
        </li>
      ))}
      <Line>{words.program}</Line>
    </Part>
  );
}

function Keys({ keys }: { keys: readonly LeftKeyView[] }) {
  return (
    <ul className={classes.keys}>
      {keys.map(({ name, masked, workspace }) => (
        <li key={`${workspace} ${masked} ${name}`}>
          {name} <code>{masked}</code> <span className={classes.note}>{workspace}</span>
        </li>
      ))}
    </ul>
  );
}

function Part({ title, children }: { title: string; children: ReactNode }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading}>
      <h3 id={heading} className={classes.heading}>
        {title}
      </h3>
      <ul className={classes.list}>{children}</ul>
    </section>
  );
}

function Line({ children }: { children: ReactNode }) {
  return <li>{children}</li>;
}
