import classes from "./Rich.module.css";

interface RichProps {
  text: string;
}

/** A sentence whose `backticked` parts are commands or names. */
export function Rich({ text }: RichProps) {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed sentence have no other name
      <code key={index} className={classes.code}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}
