import { useMemo, useState } from "react";
import type { KeyView } from "../../ipc";
import type { Rows } from "./queries";

/** Keys that are chosen at most: what is done to them is asked for and followed one by one. */
export const MOST_CHOSEN = 1000;

export interface Selection {
  /** Chosen keys by id, in the order they were chosen. */
  chosen: ReadonlyMap<string, KeyView>;
  /** Takes one in, or out again. */
  toggle: (key: KeyView, index: number) => void;
  /** Takes in all from the one that was touched last to this line. */
  extend: (index: number) => void;
  /** Exactly these. */
  set: (keys: readonly KeyView[]) => void;
  clear: () => void;
}

interface Chosen {
  keys: ReadonlyMap<string, KeyView>;
  /** The line that was touched last. */
  anchor: number | null;
}

const NONE: Chosen = { keys: new Map(), anchor: null };

/** Which keys are chosen; a line that another is reached from with Shift is the one that was touched last. */
export function useSelection(rows: Rows): Selection {
  const [{ keys: chosen }, setChosen] = useState(NONE);
  const deeds = useMemo(
    () => ({
      toggle: (key: KeyView, index: number) =>
        setChosen(({ keys }) => {
          const next = new Map(keys);
          if (!next.delete(key.id) && next.size < MOST_CHOSEN) next.set(key.id, key);
          return { keys: next, anchor: index };
        }),
      extend: (index: number) =>
        setChosen(({ keys, anchor }) => {
          const from = anchor ?? index;
          const next = new Map(keys);
          for (let at = Math.min(from, index); at <= Math.max(from, index) && next.size < MOST_CHOSEN; at += 1) {
            const row = rows.at(at);
            if (row.kind === "key") next.set(row.key.id, row.key);
          }
          return { keys: next, anchor: from };
        }),
      set: (keys: readonly KeyView[]) =>
        setChosen({ keys: new Map(keys.slice(0, MOST_CHOSEN).map((key) => [key.id, key])), anchor: null }),
      clear: () => setChosen(NONE),
    }),
    [rows],
  );
  return useMemo(() => ({ chosen, ...deeds }), [chosen, deeds]);
}
