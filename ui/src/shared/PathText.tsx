import { IconCopy } from "@tabler/icons-react";
import { copyText } from "../ipc";
import { IconButton } from "./controls";
import classes from "./PathText.module.css";
import { toast, toastProblem } from "./toast";
import { words } from "./words";

interface PathTextProps {
  path: string;
  /** What is copied, for the label of the button; no button without it. */
  copies?: string;
}

/** A path in mono, shortened at its front where there is no room: the end tells files apart. */
export function PathText({ path, copies }: PathTextProps) {
  return (
    <span className={classes.root}>
      {/* Right-to-left puts the ellipsis in front; the inner element turns the text round again. */}
      <code className={classes.path} data-tip={path} data-tip-code>
        <bdi>{path}</bdi>
      </code>
      {copies === undefined ? null : (
        <IconButton
          data-tip={words.copy(copies)}
          aria-label={words.copy(copies)}
          onClick={() => copyText(path).then(() => toast({ text: words.copied, forMs: 2500 }), toastProblem)}
        >
          <IconCopy size={14} aria-hidden="true" />
        </IconButton>
      )}
    </span>
  );
}
