import { inLanguage, number } from "./language";
import { type TimeUnit, timeWords } from "./words";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `3 min ago`, `in 81 d`, `just now`. Unix milliseconds. */
export function relative(at: number, now: number): string {
  const away = Math.abs(at - now);
  if (away < 45_000) return at > now ? timeWords.inAMoment : timeWords.justNow;
  const [amount, unit] = inUnit(away);
  return at > now ? timeWords.ahead(amount, unit) : timeWords.ago(amount, unit);
}

function inUnit(away: number): [amount: number, unit: TimeUnit] {
  if (away < HOUR_MS) return [Math.max(1, Math.round(away / MINUTE_MS)), "minute"];
  if (away < DAY_MS) return [Math.round(away / HOUR_MS), "hour"];
  if (away < 730 * DAY_MS) return [Math.round(away / DAY_MS), "day"];
  return [Math.round(away / (365 * DAY_MS)), "year"];
}

/** When `relative` reads otherwise next, in Unix milliseconds. */
export function changesAt(at: number, now: number): number {
  const away = Math.abs(at - now);
  if (away < 45_000) return at > now ? at : at + 45_000;
  const [amount, unit] = inUnit(away);
  const { ms, from, to } = SPANS[unit];
  return at > now ? at - Math.max((amount - 0.5) * ms, from) + 1 : at + Math.min((amount + 0.5) * ms, to);
}

const SPANS: Record<TimeUnit, { ms: number; from: number; to: number }> = {
  minute: { ms: MINUTE_MS, from: 45_000, to: HOUR_MS },
  hour: { ms: HOUR_MS, from: HOUR_MS, to: DAY_MS },
  day: { ms: DAY_MS, from: DAY_MS, to: 730 * DAY_MS },
  year: { ms: 365 * DAY_MS, from: 730 * DAY_MS, to: Number.POSITIVE_INFINITY },
};

/** Date and time to the second. */
export function exact(at: number): string {
  return inLanguage().exact.format(at);
}

/** How long something took: `214 ms`, `1.2 s`. */
export function span(ms: number): string {
  return ms < 1000 ? `${number(ms)} ms` : `${number(ms / 1000, 1)} s`;
}

/** `14:05`. */
export function clock(at: number): string {
  return inLanguage().clock.format(at);
}

/** `Today`, `Yesterday`, `3 November`. */
export function day(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / DAY_MS);
  if (days === 0) return timeWords.today;
  if (days === 1) return timeWords.yesterday;
  const { day, dayYear } = inLanguage();
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? day.format(at) : dayYear.format(at);
}

/** When the next day begins. */
export function tomorrow(now: number): number {
  const next = new Date(now);
  return next.setHours(24, 0, 0, 0);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
