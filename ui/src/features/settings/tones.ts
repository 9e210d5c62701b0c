import type { CheckState } from "../../ipc";
import type { Tone } from "../../shared/Mark";

/** What the doctor is asked with: the answer is shown in two places. */
export const LOOK = { fix: false };

export const TONES: Record<CheckState, Tone> = { ok: "good", warning: "warn", failed: "bad", fixed: "good" };
