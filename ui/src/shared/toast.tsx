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
  /** Ids of what it speaks of: changes it offers to undo, a rotation that goes on. It goes when that is over. */
  about?: readonly string[];
  /** What is said then in its place. */
  over?: string;
}

/** What the toasts on the screen speak of, by toast. */
const standing = new Map<string, { about: readonly string[]; over: string | undefined }>();

/** Says in a corner what was done, with at most one thing to do about it. */
export function toast({ text, action, forMs = 5000, tone = "good", about = [], over }: Toast): void {
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
    onClose: () => standing.delete(id),
  });
  if (about.length > 0) standing.set(id, { about, over });
}

/** Whether a toast on the screen speaks of anything that may be over. */
export function mayBeOver(): boolean {
  return standing.size > 0;
}

/** Takes away what speaks of a change or a rotation that is over; says what it came to, where that went well. */
export function withdraw(id: string, well = false): void {
  for (const [shown, { about, over }] of [...standing]) {
    if (!about.includes(id)) continue;
    notifications.hide(shown);
    if (well && over !== undefined) toast({ text: over });
  }
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
