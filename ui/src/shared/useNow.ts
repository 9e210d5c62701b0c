import { useEffect, useReducer } from "react";
import { changesAt, tomorrow } from "./time";

/** Wordings that change at about the same time change together. */
const TOGETHER_MS = 2000;
/** Timers take no longer ones. */
const LONGEST_MS = 2 ** 31 - 1;

const sleepers = new Map<() => void, number>();
let timer: ReturnType<typeof setTimeout> | undefined;

/**
 * Now, in Unix milliseconds. The component is shown anew when one of the moments is reached or reads otherwise relative to now, and
 * when another day begins; there is one timer for all, and none while the window is hidden.
 */
export function useNow(...moments: readonly (number | null)[]): number {
  const [, wake] = useReducer((times: number) => times + 1, 0);
  const now = Date.now();
  const next = Math.min(tomorrow(now), ...moments.flatMap((at) => (at === null ? [] : nextOf(at, now))));
  useEffect(() => sleepUntil(next, wake), [next]);
  return now;
}

function nextOf(at: number, now: number): number {
  return at > now ? Math.min(at, changesAt(at, now)) : changesAt(at, now);
}

function sleepUntil(at: number, wake: () => void): () => void {
  if (sleepers.size === 0) document.addEventListener("visibilitychange", setTimer);
  sleepers.set(wake, Math.ceil(at / TOGETHER_MS) * TOGETHER_MS);
  setTimer();
  return () => {
    sleepers.delete(wake);
    if (sleepers.size === 0) document.removeEventListener("visibilitychange", setTimer);
    setTimer();
  };
}

function setTimer(): void {
  clearTimeout(timer);
  if (sleepers.size === 0 || document.hidden) return;
  const first = Math.min(...sleepers.values());
  timer = setTimeout(ring, Math.min(Math.max(first - Date.now(), 0), LONGEST_MS));
}

function ring(): void {
  const now = Date.now();
  for (const [wake, at] of [...sleepers]) {
    if (at > now) continue;
    // Whoever is shown anew says until when it sleeps next.
    sleepers.set(wake, Number.POSITIVE_INFINITY);
    wake();
  }
  setTimer();
}
