import { useSyncExternalStore } from "react";

/** `#/keys/local/k_3f9c`: a key is one of its workspace, and no other's. */
const KEY = /^#\/keys\/([^/]+)\/(.+)$/;

/** Opens a key, by its address: going back leads to where one was. `null`: the list. */
export function goToKey(key: { workspace: string; id: string } | null): void {
  window.location.hash =
    key === null ? "#/keys" : `#/keys/${encodeURIComponent(key.workspace)}/${encodeURIComponent(key.id)}`;
}

/** The key in the address, by its id, where it is one of this workspace. */
export function useKeyInAddress(workspace: string | undefined): string | null {
  return useSyncExternalStore(subscribe, () => keyIn(window.location.hash, workspace));
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}

function keyIn(hash: string, workspace: string | undefined): string | null {
  const [, of, id] = KEY.exec(hash) ?? [];
  if (of === undefined || id === undefined) return null;
  try {
    return decodeURIComponent(of) === workspace ? decodeURIComponent(id) : null;
  } catch {
    // Nobody but a person typing makes such an address.
    return null;
  }
}
