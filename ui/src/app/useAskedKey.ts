import { useCallback, useEffect, useEffectEvent, useState } from "react";
import { onShowKey, type ShowKey, useAction } from "../ipc";
import { toastProblem } from "../shared/toast";
import { goTo } from "./router";

/** The key that a notification led to, once its workspace is the one in use. */
export function useAskedKey(workspace: string | null): { key: string | null; clear: () => void } {
  const [asked, setAsked] = useState<ShowKey | null>(null);
  const use = useAction("workspaces_use");
  const clear = useCallback(() => setAsked(null), []);
  const hear = useEffectEvent((wanted: ShowKey) => {
    setAsked(wanted);
    goTo("keys");
    if (wanted.workspace === workspace) return;
    use.mutate(
      { workspace: wanted.workspace },
      {
        onError: (problem) => {
          clear();
          toastProblem(problem);
        },
      },
    );
  });
  useEffect(() => onShowKey((wanted) => hear(wanted)), []);
  return { key: asked !== null && asked.workspace === workspace ? asked.key : null, clear };
}
