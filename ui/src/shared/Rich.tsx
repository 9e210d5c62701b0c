import classes from "./Rich.module.css";

interface RichProps {
  text: string;
  /** Told by their letters alone, without a frame. */
  plain?: boolean;
}

/** A sentence whose `backticked` parts are commands or names. */
export function Rich({ text, plain = false }: RichProps) {
  return text.split("`").map((part, index) =>
    index % 2 === 1 ? (
      // biome-ignore lint/suspicious/noArrayIndexKey: parts of a fixed sentence have no other name
      <code key={index} className={plain ? undefined : classes.code}>
        {part}
      </code>
    ) : (
      part
    ),
  );
}
