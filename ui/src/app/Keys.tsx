import { Kbd } from "@mantine/core";
import classes from "./Keys.module.css";
import { written } from "./shortcuts";

/** A shortcut as it is written on the keys. */
export function Keys({ keys }: { keys: string }) {
  return (
    <span className={classes.keys}>
      {written(keys).map((key) => (
        <Kbd key={key} size="xs">
          {key}
        </Kbd>
      ))}
    </span>
  );
}
