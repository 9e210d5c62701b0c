import {
  type QueryClient,
  type QueryKey,
  type UseMutationResult,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { type Command, call, type RequestOf, type ViewOf } from "./call";
import { invalidates } from "./generated";
import type { Problem } from "./problem";

/** The cache key of an answer. It starts with the first word of the command: what `invalidates` names. */
export function viewKey<K extends Command>(name: K, request: RequestOf<K>): QueryKey {
  return [name.split("_", 1)[0], name, request];
}

/** Asks for an answer before anybody shows it. A refusal is kept from no one: whoever shows it asks again, and says why. */
export function fetchView<K extends Command>(client: QueryClient, name: K, request: RequestOf<K>): Promise<void> {
  return client.prefetchQuery({ queryKey: viewKey(name, request), queryFn: () => call(name, request) });
}

/** Asks for an answer as it is now, whoever else has one. */
export function askAnew<K extends Command>(client: QueryClient, name: K, request: RequestOf<K>): Promise<ViewOf<K>> {
  return client.fetchQuery({ queryKey: viewKey(name, request), queryFn: () => call(name, request), staleTime: 0 });
}

interface ViewOptions {
  enabled?: boolean;
  /** How often to look again while the window is in front, in milliseconds. */
  everyMs?: number;
  /** Look again whenever it comes on the screen: others change it without a word, as an editor does to settings files. */
  lookAgain?: boolean;
}

/** The answer of a reading command, kept fresh by the commands that invalidate it. */
export function useView<K extends Command>(
  name: K,
  request: RequestOf<K>,
  { enabled = true, everyMs, lookAgain = false }: ViewOptions = {},
): UseQueryResult<ViewOf<K>, Problem> {
  return useQuery<ViewOf<K>, Problem, ViewOf<K>>({
    queryKey: viewKey(name, request),
    queryFn: () => call(name, request),
    enabled,
    refetchInterval: everyMs ?? false,
    refetchOnMount: lookAgain ? "always" : true,
  });
}

/** Runs a command that changes something; what it makes stale is marked stale, by the command table. */
export function useAction<K extends Command>(name: K): UseMutationResult<ViewOf<K>, Problem, RequestOf<K>> {
  const client = useQueryClient();
  return useMutation<ViewOf<K>, Problem, RequestOf<K>>({
    mutationFn: (request) => call(name, request),
    onSuccess: () => invalidateAfter(client, name),
  });
}

/** Marks stale what a command invalidates, by the command table. */
export function invalidateAfter(client: QueryClient, name: Command): void {
  markStale(client, invalidates[name]);
}

/** Marks answers stale, by the first words of their commands; those on the screen are asked for again. */
export function markStale(client: QueryClient, caches: readonly string[]): void {
  for (const cache of caches) void client.invalidateQueries({ queryKey: [cache] });
}
