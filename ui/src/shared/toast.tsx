import { notifications } from "@mantine/notifications";
import { copyText, type Problem } from "../ipc";
import { Button } from "./controls";
import classes from "./toast.module.css";
import { words } from "./words";

interface Toast {
  text: string;
  action?: { label: string; run: () => void };
  forMs?: number;
  tone?: "good" | "bad";
  /** The changes it offers to undo. */
  changes?: readonly string[];
}

/** What the toasts on the screen offer to undo, by toast. */
const offered = new Map<string, readonly string[]>();

/** Says in a corner what was done, with at most one thing to do about it. */
export function toast({ text, action, forMs = 5000, tone = "good", changes = [] }: Toast): void {
  const id = notifications.show({
    message: (
      <span className={classes.body}>
        <span>{text}</span>
        {action === undefined ? null : (
          <Button
            variant="default"
            size="small"
            onClick={() => {
              notifications.hide(id);
              action.run();
            }}
          >
            {action.label}
          </Button>
        )}
      </span>
    ),
    autoClose: forMs,
    color: tone === "good" ? "teal" : "red",
    withBorder: true,
    closeButtonProps: { "aria-label": words.dismiss },
    ...(tone === "bad" ? { role: "alert" } : { role: "status" }),
    onClose: () => offered.delete(id),
  });
  if (changes.length > 0) offered.set(id, changes);
}

/** Whether a toast on the screen offers to undo anything. */
export function offersUndo(): boolean {
  return offered.size > 0;
}

/** Takes away what offers to undo a change that was undone elsewhere. */
export function withdrawUndo(change: string): void {
  for (const [id, changes] of offered) if (changes.includes(change)) notifications.hide(id);
}

/** Says why something small failed. */
export function toastProblem(problem: Problem): void {
  const parts = [problem.title, problem.detail, problem.hint];
  toast({ text: parts.filter(Boolean).map(asSentence).join(" "), tone: "bad", forMs: 12_000 });
}

function asSentence(text: string | null): string {
  return text === null || /[.!?]$/.test(text) ? (text ?? "") : `${text}.`;
}

/** Copies a path and says so. */
export function copyPath(path: string): void {
  copyText(path).then(() => toast({ text: words.copied, forMs: 2500 }), toastProblem);
}
