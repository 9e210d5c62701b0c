import { Tooltip } from "@mantine/core";
import { exact, relative } from "./time";
import { useNow } from "./useNow";

interface RelativeTimeProps {
  /** Unix milliseconds. */
  at: number;
}

/** A relative date, the exact one on hover. */
export function RelativeTime({ at }: RelativeTimeProps) {
  const now = useNow(at);
  return (
    <Tooltip label={exact(at)}>
      <time dateTime={new Date(at).toISOString()}>{relative(at, now)}</time>
    </Tooltip>
  );
}
