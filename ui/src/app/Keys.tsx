import { Kbd } from "../shared/controls";
import classes from "./Keys.module.css";
import { written } from "./shortcuts";

/** A shortcut as it is written on the keys. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {written(keys).map((key) => (
        <Kbd key={key}>{key}</Kbd>
      ))}
    </span>
  );
}
