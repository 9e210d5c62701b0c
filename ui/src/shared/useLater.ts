import { useEffect, useState } from "react";

/** After the first page was painted, and before a person has found what to press. */
const LATER_MS = 300;

/** Turns true once the first page stands: for what nobody misses on it. */
export function useLater(): boolean {
  const [later, setLater] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLater(true), LATER_MS);
    return () => clearTimeout(timer);
  }, []);
  return later;
}
