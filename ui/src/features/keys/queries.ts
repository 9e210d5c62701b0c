import { useInfiniteQuery } from "@tanstack/react-query";
import { call, type KeyPageView, type KeyState, type KeyView, type Problem } from "../../ipc";

/** The most that one request gives; below that, keys are grouped by state. */
const PAGE = 200;

/** Keys that match a search, page by page. */
export function useKeys(search: string, enabled: boolean) {
  return useInfiniteQuery<KeyPageView, Problem, Keys, readonly unknown[], number>({
    queryKey: ["keys", "keys_list", "pages", search],
    queryFn: ({ pageParam }) =>
      call("keys_list", { search: search === "" ? null : search, page: pageParam, limit: PAGE }),
    initialPageParam: 1,
    getNextPageParam: (last) => (last.page * last.limit < last.total ? last.page + 1 : undefined),
    select: ({ pages }) => ({
      keys: [...new Map(pages.flatMap((page) => page.keys).map((key) => [key.id, key])).values()],
      total: pages[0]?.total ?? 0,
      paged: (pages[0]?.total ?? 0) > (pages[0]?.limit ?? PAGE),
    }),
    placeholderData: (previous) => previous,
    enabled,
  });
}

export interface Keys {
  keys: KeyView[];
  total: number;
  /** More than one page: keys keep the provider's order, or the list would jump with every page that comes in. */
  paged: boolean;
}

export type Row =
  | { kind: "section"; state: KeyState | "all"; count: number }
  | { kind: "key"; key: KeyView; showState: boolean };

const ORDER: readonly KeyState[] = ["enabled", "paused", "expired"];

/** The lines of the list: sections by state where all keys are here, one long list otherwise. */
export function rowsOf({ keys, total, paged }: Keys): Row[] {
  if (paged) {
    const rows: Row[] = [{ kind: "section", state: "all", count: total }];
    return rows.concat(keys.map((key) => ({ kind: "key", key, showState: true })));
  }
  return ORDER.flatMap((state): Row[] => {
    const members = keys.filter((key) => key.state === state);
    if (members.length === 0) return [];
    const rows: Row[] = [{ kind: "section", state, count: members.length }];
    return rows.concat(members.map((key) => ({ kind: "key", key, showState: false })));
  });
}
