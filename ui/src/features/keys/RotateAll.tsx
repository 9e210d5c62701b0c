import { useState } from "react";
import { useView } from "../../ipc";
import { Skeleton } from "../../shared/controls";
import { ProblemAlert } from "../../shared/ProblemAlert";
import { type Bulk, BulkDialog } from "./BulkDialog";

interface RotateAllProps {
  onClose: () => void;
  onOver: (done: readonly string[]) => void;
}

const NOT_KNOWN: Bulk = {
  kind: "rotate",
  keys: [],
  left: [],
  elsewhere: 0,
  every: true,
  byHand: false,
  others: false,
  problem: null,
};

/** Every key of the workspace makes way for another: first what that would do, and which keys stay. */
export function RotateAll({ onClose, onOver }: RotateAllProps) {
  const plan = useView("rotations_plan_all", {});
  // As it was shown: rotations that are begun meanwhile change the plan, and not what is under way.
  const [bulk, setBulk] = useState<Bulk | null>(null);
  if (bulk === null && plan.data !== undefined && !plan.isFetching) {
    const { keys, left, elsewhere, byHand, problem } = plan.data;
    setBulk({ ...NOT_KNOWN, keys, left, elsewhere, byHand, problem });
  }
  const waiting =
    bulk !== null ? null : plan.error === null ? (
      <Skeleton height={192} />
    ) : (
      <ProblemAlert problem={plan.error} onRetry={() => void plan.refetch()} retrying={plan.isFetching} />
    );
  return <BulkDialog bulk={bulk ?? NOT_KNOWN} waiting={waiting} onClose={onClose} onOver={onOver} />;
}
