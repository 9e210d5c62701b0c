import type { QueryClient } from "@tanstack/react-query";
import { call, type GraceView, invalidateAfter, type KeyView, Problem } from "../../ipc";
import type { Offers } from "./offers";

/** What is done to several keys. */
export type BulkKind = "pause" | "resume" | "rotate" | "revoke" | "forget";

/** Why a key stays as it is. */
export type Reason =
  | "paused"
  | "enabled"
  | "expired"
  | "not_here"
  /** Being rotated already. */
  | "under_way";

export interface LeftKey {
  id: string;
  name: string;
  reason: Reason;
}

/** What can be done with keys of a product, all that makes sense for a selection. */
export function kindsOf(offers: Offers): BulkKind[] {
  const kinds: BulkKind[] = [];
  if (offers.pause) kinds.push("pause", "resume");
  if (offers.rotate) kinds.push("rotate");
  if (offers.remove !== null) kinds.push(offers.remove);
  return kinds;
}

/** Why this cannot be done to a key; `null`: it can. */
export function reasonOf(kind: BulkKind, key: KeyView): Reason | null {
  if (kind === "revoke" || kind === "forget") return null;
  if (key.state === "expired") return "expired";
  if (kind === "resume") return key.state === "paused" ? null : "enabled";
  if (key.state === "paused") return "paused";
  if (kind !== "rotate") return null;
  if (key.retiresAt !== null) return "under_way";
  return key.stowed ? null : "not_here";
}

/** Keys it can be done to, and those that stay as they are. */
export function sortOut(kind: BulkKind, keys: Iterable<KeyView>): { go: KeyView[]; left: LeftKey[] } {
  const go: KeyView[] = [];
  const left: LeftKey[] = [];
  for (const key of keys) {
    const reason = reasonOf(kind, key);
    if (reason === null) go.push(key);
    else left.push({ id: key.id, name: key.name, reason });
  }
  return { go, left };
}

/** How far one key is. */
export type Step = { state: "waiting" | "doing" | "done" | "stopped" } | { state: "failed"; problem: Problem };

const COMMANDS = {
  pause: "keys_pause",
  resume: "keys_resume",
  rotate: "rotations_start",
  revoke: "keys_delete",
  forget: "keys_delete",
} as const;

interface Run {
  kind: BulkKind;
  keys: readonly KeyView[];
  grace: GraceView;
  /** They stand in everybody's list. */
  others: boolean;
  onStep: (id: string, step: Step) => void;
  /** What is not begun when it is called off is not begun at all. */
  signal: AbortSignal;
}

/** Does it to one key after the other: a product that counts requests is not rushed, and each can be told about. */
export async function runBulk(client: QueryClient, { kind, keys, grace, others, onStep, signal }: Run): Promise<void> {
  for (const key of keys) {
    if (signal.aborted) {
      onStep(key.id, { state: "stopped" });
      continue;
    }
    onStep(key.id, { state: "doing" });
    try {
      if (kind === "rotate") {
        const { problem } = await call("rotations_start", { key: key.id, grace });
        onStep(key.id, problem === null ? { state: "done" } : { state: "failed", problem: new Problem(problem) });
        continue;
      }
      if (others) await call("keys_revoke_other", { key: key.id, name: key.name });
      else await call(COMMANDS[kind], { key: key.id });
      onStep(key.id, { state: "done" });
    } catch (thrown) {
      onStep(key.id, { state: "failed", problem: Problem.from(thrown) });
    }
  }
  // Once at the end: a list that is read anew after each of a thousand would be read a thousand times.
  invalidateAfter(client, others ? "keys_revoke_other" : COMMANDS[kind]);
}
