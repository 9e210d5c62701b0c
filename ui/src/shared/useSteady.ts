import { useCallback, useLayoutEffect, useRef } from "react";

/** A function that stays the same, and does what the latest one does: what is told apart by what it shows is not drawn again for it. */
export function useSteady<Arguments extends readonly unknown[], Result>(
  does: (...given: Arguments) => Result,
): (...given: Arguments) => Result {
  const latest = useRef(does);
  useLayoutEffect(() => {
    latest.current = does;
  });
  return useCallback((...given: Arguments) => latest.current(...given), []);
}
