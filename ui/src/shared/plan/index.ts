export { Diff } from "./Diff";
export { PlanPreview } from "./PlanPreview";
export { Proof } from "./Proof";
export { type PlanFlow, usePlan, type Wish } from "./usePlan";
export { useProbe } from "./useProbe";
export { proofWords } from "./words";
