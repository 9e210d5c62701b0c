import { relative } from "./time";
import { useNow } from "./useNow";

interface RelativeTimeProps {
  /** Unix milliseconds. */
  at: number;
}

/** A relative date, the exact one as its tip. */
export function RelativeTime({ at }: RelativeTimeProps) {
  const now = useNow(at);
  return (
    <time dateTime={new Date(at).toISOString()} data-at={at}>
      {relative(at, now)}
    </time>
  );
}
