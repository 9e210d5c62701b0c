import { Tooltip } from "@mantine/core";
import { exact, relative } from "./time";
import { useNow } from "./useNow";

interface RelativeTimeProps {
  /** Unix milliseconds. */
  at: number;
}

/** A relative date, the exact one on hover. */
export function RelativeTime({ at }: RelativeTimeProps) {
  // A clock that ticks now and then must not put what just happened into the future.
  const now = Math.max(useNow(), Date.now());
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={new Date(at).toISOString()}>{relative(at, now)}</time>
    </Tooltip>
  );
}
