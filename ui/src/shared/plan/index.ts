export { PlanPreview } from "./PlanPreview";
export { Proof } from "./Proof";
export { useProbe } from "./useProbe";
export { type PlanFlow, usePlan, type Wish } from "./usePlan";
export { proofWords } from "./words";
