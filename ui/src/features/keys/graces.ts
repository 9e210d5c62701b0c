import type { GraceView } from "../../ipc";

/** How long an old key can stay good. */
export const GRACES: readonly GraceView[] = ["now", "hour", "day", "week"];

export function graceOf(value: string): GraceView {
  return GRACES.find((grace) => grace === value) ?? "now";
}
