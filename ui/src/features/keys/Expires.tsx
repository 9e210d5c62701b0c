import type { KeyView } from "../../ipc";
import { RelativeTime } from "../../shared/RelativeTime";
import { useNow } from "../../shared/useNow";
import classes from "./Expires.module.css";
import { keysWords as words } from "./words";

const DAY_MS = 86_400_000;
/** From these days on, an expiry is pointed out, each more than the one before. */
const NEAR = [1, 7, 14] as const;

interface ExpiresProps {
  target: KeyView;
}

/** When a key expires, marked where that is near, or when it goes because another took its place. */
export function Expires({ target: { expiresAt, retiresAt, state } }: ExpiresProps) {
  const now = useNow(...(expiresAt === null ? [] : NEAR.map((days) => expiresAt - days * DAY_MS)));
  // Whichever comes first.
  if (retiresAt !== null && (expiresAt === null || retiresAt < expiresAt)) return <Retires at={retiresAt} />;
  if (expiresAt === null) return words.neverExpires;
  const near = state === "expired" ? undefined : NEAR.find((days) => expiresAt - now < days * DAY_MS);
  return (
    <span className={near === undefined ? undefined : classes.chip} data-near={near}>
      <RelativeTime at={expiresAt} />
    </span>
  );
}

function Retires({ at }: { at: number }) {
  const now = useNow(at);
  return at > now ? <RelativeTime at={at} /> : words.goesSoon;
}
