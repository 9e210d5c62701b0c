import { type KeyView, useAction } from "../../ipc";
import { toast, toastProblem } from "../../shared/toast";
import { keysWords as words } from "./words";

export interface KeyDeeds {
  /** Copies natively; only the id goes out. */
  copy: (key: KeyView) => void;
  /** The key that is being copied. */
  copying: string | null;
  /** Pauses, or resumes what is paused, and says who is refused meanwhile. */
  toggle: (key: KeyView) => void;
}

/** What is done to a key at once, without a dialog. */
export function useKeyDeeds(): KeyDeeds {
  const copy = useAction("keys_copy");
  const pause = useAction("keys_pause");
  const resume = useAction("keys_resume");
  return {
    copy: ({ id }) =>
      copy.mutate(
        { key: id },
        {
          onSuccess: ({ name, clearsAfterS }) => toast({ text: words.copied(name, clearsAfterS) }),
          onError: toastProblem,
        },
      ),
    copying: copy.isPending ? copy.variables.key : null,
    toggle: (key) =>
      key.state === "paused"
        ? resume.mutate(
            { key: key.id },
            { onSuccess: () => toast({ text: words.resumed(key) }), onError: toastProblem },
          )
        : pause.mutate({ key: key.id }, { onSuccess: () => toast({ text: words.paused(key) }), onError: toastProblem }),
  };
}
