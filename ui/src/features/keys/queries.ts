import { keepPreviousData, type QueryClient, queryOptions, useQueries, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import {
  call,
  type KeyOrderView,
  type KeyPageView,
  type KeyState,
  type KeyView,
  type Problem,
  type RequestOf,
  viewKey,
} from "../../ipc";
import { PAGE } from "./firstPage";

export type Row =
  | { kind: "section"; state: KeyState | "all"; count: number }
  | { kind: "key"; key: KeyView; showState: boolean }
  /** In sight before its page is here. */
  | { kind: "waiting" };

/** The lines of the list, by index: a long list is never held as a whole. */
export interface Rows {
  count: number;
  /** How many of them are keys. */
  keys: number;
  at: (index: number) => Row;
}

const ORDER: readonly KeyState[] = ["enabled", "paused", "expired"];

/** Which keys are listed, and in which order. */
export interface Wanted {
  search: string;
  everybody: boolean;
  order: KeyOrderView | null;
}

/** Keys that match a search, one's own or everybody's: the first page, and of the others only those that are in sight. */
export function useKeys(wanted: Wanted, pagesInSight: readonly number[], enabled: boolean) {
  const first = useQuery<KeyPageView, Problem>({
    ...pageOf(wanted, 1),
    enabled,
    placeholderData: keepPreviousData,
  });
  const total = first.data?.total ?? 0;
  const settled = enabled && first.data !== undefined && !first.isPlaceholderData;
  const others = useQueries({
    queries: pagesInSight
      .filter((page) => settled && page > 1 && (page - 1) * PAGE < total)
      .map((page) => pageOf(wanted, page)),
    combine: (results) => ({
      pages: results.flatMap(({ data }) => data ?? []),
      problem: results.find(({ error }) => error !== null)?.error ?? null,
      retry: () => {
        for (const { error, refetch } of results) if (error !== null) void refetch();
      },
    }),
  });
  const rows = useMemo(() => rowsOf(first.data, others.pages), [first.data, others.pages]);
  return { first, rows, total, problem: first.error ?? others.problem, retryOthers: others.retry };
}

function pageOf({ search, everybody, order }: Wanted, page: number) {
  const request: RequestOf<"keys_list"> = {
    search: search === "" ? null : search,
    page,
    limit: PAGE,
    everybody,
    order,
  };
  return queryOptions<KeyPageView, Problem>({
    queryKey: viewKey("keys_list", request),
    queryFn: ({ signal }) => {
      // Who reads the signal lets go: an answer that nobody waits for any more, as of a search typed over, is dropped.
      signal.throwIfAborted();
      return call("keys_list", request);
    },
  });
}

/** The first keys that match, at most so many, page by page; those that are here are not asked for again. */
export async function firstKeys(client: QueryClient, wanted: Wanted, most: number): Promise<KeyView[]> {
  const keys: KeyView[] = [];
  for (let page = 1; ; page += 1) {
    const { keys: more, total } = await client.fetchQuery({ ...pageOf(wanted, page), staleTime: 60_000 });
    keys.push(...more);
    if (more.length === 0 || keys.length >= Math.min(total, most)) return keys.slice(0, most);
  }
}

/** Some keys by their ids: those that a card of hygiene stands for. No more than one page of them. */
export function usePicked(ids: readonly string[] | null, known: readonly KeyView[]): { rows: Rows; waiting: boolean } {
  const picked = (ids ?? []).slice(0, PAGE);
  const held = new Map(known.map((key) => [key.id, key]));
  const fetched = useQueries({
    queries: picked
      .filter((id) => !held.has(id))
      .map((id) =>
        queryOptions<KeyView, Problem>({
          queryKey: viewKey("keys_show", { key: id }),
          queryFn: () => call("keys_show", { key: id }),
        }),
      ),
    combine: (results) => ({
      keys: results.flatMap(({ data }) => data ?? []),
      waiting: results.some(({ isPending }) => isPending),
    }),
  });
  const all = new Map([...held, ...fetched.keys.map((key) => [key.id, key] as const)]);
  const keys = picked.flatMap((id) => all.get(id) ?? []);
  return {
    rows: rowsOf({ keys, total: keys.length, page: 1, limit: PAGE, budget: null, stale: null }, []),
    waiting: fetched.waiting,
  };
}

/** Sections by state where all keys are here; the provider's order otherwise, or the list would jump with every page. */
export function rowsOf(first: KeyPageView | undefined, others: readonly KeyPageView[]): Rows {
  if (first === undefined) return { count: 0, keys: 0, at: () => ({ kind: "waiting" }) };
  if (first.total <= PAGE) {
    const rows = ORDER.flatMap((state): Row[] => {
      const members = first.keys.filter((key) => key.state === state);
      if (members.length === 0) return [];
      return [
        { kind: "section", state, count: members.length },
        ...members.map((key): Row => ({ kind: "key", key, showState: false })),
      ];
    });
    return { count: rows.length, keys: first.total, at: (index) => rows[index] ?? { kind: "waiting" } };
  }
  const pages = new Map([first, ...others].map((page) => [page.page, page.keys]));
  return {
    count: first.total + 1,
    keys: first.total,
    at: (index) => {
      if (index === 0) return { kind: "section", state: "all", count: first.total };
      const key = pages.get(pageAt(index))?.[(index - 1) % PAGE];
      return key === undefined ? { kind: "waiting" } : { kind: "key", key, showState: true };
    },
  };
}

/** The page that a line of a long list stands on. */
export function pageAt(index: number): number {
  return Math.floor(Math.max(0, index - 1) / PAGE) + 1;
}
