import { useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import {
  type AppliedView,
  call,
  type ModeView,
  type PlanView,
  type Problem,
  type RepairAction,
  useAction,
} from "../../ipc";
import { toastProblem } from "../toast";

/** What the person wants done to clients' settings files. */
export type Wish =
  | {
      does: "connect";
      clients: readonly string[];
      /** Replace an entry of the same name that is not ours. */
      replace?: boolean;
      /** Address of the settings file; left out: each client's first. */
      target?: string | undefined;
      /** How the client reaches the server; left out: by a bridge. */
      mode?: ModeView | undefined;
      /** Which server; left out: the workspace's first. */
      server?: string | undefined;
      /** Which workspace; left out: the one in use. */
      workspace?: string | undefined;
      /** Name of the entry; left out: the server's. */
      name?: string | undefined;
    }
  | { does: "disconnect"; clients: readonly string[] }
  /** What is done about entries that drifted. */
  | { does: "repair"; connections: readonly string[]; action: RepairAction };

export interface PlanFlow {
  plan: PlanView | undefined;
  /** Reading the files. */
  planning: boolean;
  planProblem: Problem | null;
  /** Why the last write failed; the preview is spent then. */
  writeProblem: Problem | null;
  writing: boolean;
  /** The write failed after some files were done: those can be put back. */
  partly: { rollBack: () => void; rollingBack: boolean } | null;
  /** Reads the files anew. */
  newPreview: () => void;
  /** Plans again, this time replacing entries of the same name. */
  replace: () => void;
  write: () => void;
}

let previews = 0;

/** A preview shows the files as they are now: no two share an answer. */
function nextPreview(): number {
  previews += 1;
  return previews;
}

function ask(wish: Wish, replace: boolean): Promise<PlanView> {
  switch (wish.does) {
    case "disconnect":
      return call("connections_plan_removal", { clients: [...wish.clients] });
    case "repair":
      return call("connections_plan_repair", { connections: [...wish.connections], action: wish.action });
    case "connect":
      return call("connections_plan", {
        clients: [...wish.clients],
        workspace: wish.workspace ?? null,
        server: wish.server ?? null,
        key: null,
        replace,
        target: wish.target ?? null,
        mode: wish.mode ?? null,
        name: wish.name ?? null,
        exec: null,
      });
  }
}

/** From a wish to a preview to what was done; nothing is planned before the wish is ready. */
export function usePlan(wish: Wish, onApplied: (applied: AppliedView) => void, ready = true): PlanFlow {
  const [preview] = useState(nextPreview);
  const [round, setRound] = useState(0);
  const [consented, setConsented] = useState(false);
  const replacing = consented || (wish.does === "connect" && wish.replace === true);
  const apply = useAction("connections_apply");
  const undo = useAction("changes_undo");
  const plan = useQuery<PlanView, Problem>({
    // Under no cache that writing invalidates: a preview must not change under the person's eyes.
    queryKey: ["plan", preview, wish, replacing, round],
    queryFn: () => ask(wish, replacing),
    enabled: ready,
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const reset = apply.reset;
  const newPreview = useCallback(() => {
    reset();
    setRound((before) => before + 1);
  }, [reset]);
  const done = apply.error?.change ?? null;
  return {
    plan: plan.data,
    planning: plan.isFetching,
    planProblem: plan.error,
    writeProblem: apply.error,
    writing: apply.isPending,
    partly:
      done === null
        ? null
        : {
            rollBack: () => undo.mutate({ change: done }, { onSuccess: newPreview, onError: toastProblem }),
            rollingBack: undo.isPending,
          },
    newPreview,
    replace: () => {
      setConsented(true);
      newPreview();
    },
    write: () => {
      if (plan.data !== undefined) apply.mutate({ plan: plan.data.id }, { onSuccess: onApplied });
    },
  };
}
