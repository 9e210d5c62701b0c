import { relative } from "../../shared/time";
import { useNow } from "../../shared/useNow";

/** A relative date, the exact one as its tip: a tooltip of its own in every cell would slow the list down. */
export function When({ at }: { at: number }) {
  const now = useNow(at);
  return (
    <time dateTime={new Date(at).toISOString()} data-at={at}>
      {relative(at, now)}
    </time>
  );
}
