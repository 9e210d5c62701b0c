import type { ClientView, EntryState } from "../../ipc";
import type { Tone } from "../../shared/Mark";

export type ClientState = EntryState | "none";

const WORST: readonly EntryState[] = ["unreadable", "wiped", "gone", "changed", "stale", "fine"];

/** Where a client stands: as badly as the worst of its connections. */
export function stateOf(client: ClientView): ClientState {
  return WORST.find((state) => client.connections.some(({ entry }) => entry === state)) ?? "none";
}

export const TONES: Record<ClientState, Tone> = {
  none: "quiet",
  fine: "good",
  changed: "warn",
  gone: "warn",
  wiped: "warn",
  stale: "warn",
  unreadable: "bad",
};
