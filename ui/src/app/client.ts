import { MutationCache, QueryCache, QueryClient } from "@tanstack/react-query";
import { markStale, Problem } from "../ipc";

const FRESH_MS = 2000;

/** What the status line shows may be otherwise than it says. */
const TELLING = /^(keychain|session)\./;

/** The cache of what the native side answered. */
export function newQueryClient(): QueryClient {
  const onError = (error: Error) => {
    if (error instanceof Problem && TELLING.test(error.code)) markStale(client, ["app"]);
  };
  const client: QueryClient = new QueryClient({
    queryCache: new QueryCache({ onError }),
    mutationCache: new MutationCache({ onError }),
    defaultOptions: {
      // The native side is always there, whatever the network does; and trying again is the person's decision.
      queries: { networkMode: "always", retry: false, staleTime: FRESH_MS },
      mutations: { networkMode: "always", retry: false },
    },
  });
  return client;
}
