import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type AppliedView, call, type PlanView, type Problem, useAction } from "../../ipc";

/** What the person wants done to clients' settings files. */
export interface Wish {
  does: "connect" | "disconnect";
  clients: readonly string[];
  /** Replace an entry of the same name that is not ours, or was changed by hand. */
  replace?: boolean;
}

export interface PlanFlow {
  plan: PlanView | undefined;
  /** Reading the files. */
  planning: boolean;
  planProblem: Problem | null;
  /** Why the last write failed; the preview is spent then. */
  writeProblem: Problem | null;
  writing: boolean;
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

/** From a wish to a preview to what was done. */
export function usePlan(wish: Wish, onApplied: (applied: AppliedView) => void): PlanFlow {
  const [preview] = useState(nextPreview);
  const [round, setRound] = useState(0);
  const [replacing, setReplacing] = useState(wish.replace ?? false);
  const apply = useAction("connections_apply");
  const clients = [...wish.clients];
  const plan = useQuery<PlanView, Problem>({
    // Under no cache that writing invalidates: a preview must not change under the person's eyes.
    queryKey: ["plan", preview, replacing, round],
    queryFn: () =>
      wish.does === "disconnect"
        ? call("connections_plan_removal", { clients })
        : call("connections_plan", {
            clients,
            server: null,
            key: null,
            replace: replacing,
            target: null,
            mode: null,
            name: null,
            exec: null,
          }),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const newPreview = () => {
    apply.reset();
    setRound((before) => before + 1);
  };
  return {
    plan: plan.data,
    planning: plan.isFetching,
    planProblem: plan.error,
    writeProblem: apply.error,
    writing: apply.isPending,
    newPreview,
    replace: () => {
      setReplacing(true);
      newPreview();
    },
    write: () => {
      if (plan.data !== undefined) apply.mutate({ plan: plan.data.id }, { onSuccess: onApplied });
    },
  };
}
