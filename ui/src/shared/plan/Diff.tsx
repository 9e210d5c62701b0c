import type { DiffLineView, LineKind } from "../../ipc";
import classes from "./Diff.module.css";
import { planWords } from "./words";

const MARKS: Record<LineKind, string> = { context: "", added: "+", removed: "−", gap: "" };
const REDACTED = "‹redacted›";

interface DiffProps {
  path: string;
  lines: readonly DiffLineView[];
}

/** A unified diff: line numbers, a sign and a colour for what comes and goes. */
export function Diff({ path, lines }: DiffProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={classes.root} aria-label={planWords.diff(path)} tabIndex={0}>
      <table className={classes.table}>
        <tbody>
          {lines.map((line, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a diff never reorders, and gaps have no number
            <tr key={index} className={classes.line} data-kind={line.kind}>
              <td className={classes.number}>{line.before}</td>
              <td className={classes.number}>{line.after}</td>
              <td className={classes.sign}>
                <span aria-hidden="true">{MARKS[line.kind]}</span>
                {line.kind === "added" || line.kind === "removed" ? (
                  <span className="ks-hidden">{planWords[line.kind]}</span>
                ) : null}
              </td>
              <td className={classes.text}>{redacted(line.text)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function redacted(text: string) {
  return text.split(REDACTED).flatMap((part, index) =>
    index === 0
      ? [part]
      : [
          // biome-ignore lint/suspicious/noArrayIndexKey: parts of one line have no other name
          <span key={index} className={classes.redacted}>
            {REDACTED}
          </span>,
          part,
        ],
  );
}
