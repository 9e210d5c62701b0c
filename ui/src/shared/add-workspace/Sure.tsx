import type { ProviderView } from "../../ipc";
import classes from "./AddWorkspace.module.css";
import { addWords as words } from "./words";

/** What of a product's facts is not sure, for those who want to know before they go on. */
export function Sure({ provider: { unsure } }: { provider: ProviderView }) {
  if (unsure.length === 0) return null;
  return (
    <details className={classes.note}>
      <summary className={classes.summary}>{words.unsure}</summary>
      <ul className={classes.unsure}>
        {unsure.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
    </details>
  );
}
