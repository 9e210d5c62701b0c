const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

const exactFormat = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "medium" });
const clockFormat = new Intl.DateTimeFormat(undefined, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const dayFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long" });
const dayYearFormat = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" });

/** `3 min ago`, `in 81 d`, `just now`. Unix milliseconds. */
export function relative(at: number, now: number): string {
  const away = Math.abs(at - now);
  if (away < 45_000) return at > now ? "in a moment" : "just now";
  const [amount, unit] =
    away < HOUR_MS
      ? [Math.max(1, Math.round(away / MINUTE_MS)), "min"]
      : away < DAY_MS
        ? [Math.round(away / HOUR_MS), "h"]
        : away < 730 * DAY_MS
          ? [Math.round(away / DAY_MS), "d"]
          : [Math.round(away / (365 * DAY_MS)), "y"];
  return at > now ? `in ${amount} ${unit}` : `${amount} ${unit} ago`;
}

/** Date and time to the second, as the person's system writes them. */
export function exact(at: number): string {
  return exactFormat.format(at);
}

/** `14:05`. */
export function clock(at: number): string {
  return clockFormat.format(at);
}

/** `Today`, `Yesterday`, `3 November`. */
export function day(at: number, now: number): string {
  const days = Math.round((midnight(now) - midnight(at)) / DAY_MS);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(at).getFullYear() === new Date(now).getFullYear() ? dayFormat.format(at) : dayYearFormat.format(at);
}

function midnight(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}
