import {
  infiniteQueryOptions,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import {
  deleteApiV1ItemsByItemIdAliasesByAliasId,
  getApiV1ItemsByItemIdAliases,
  getApiV1LibraryTwins,
  postApiV1ItemsByItemIdMerge,
  postApiV1LibraryTwinsDismiss,
  type AliasOut,
  type TwinPair,
} from "@/client";
import { body } from "./http";
import type { Item } from "./items";

export type { AliasOut as Alias, TwinPair };
export type Reason = TwinPair["reason"];

/** Pairs of songs that may be the same. */
export const twinsQuery = infiniteQueryOptions({
  queryKey: ["twins"],
  queryFn: ({ pageParam, signal }) =>
    body(getApiV1LibraryTwins({ query: pageParam === null ? {} : { cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

/** Two that were made one, with what is needed to make two of them again. */
export interface Merged {
  kept: Item;
  gone: Item;
  alias: number;
}

/** What else an item is known as, since it was made one of several; for administrators. */
export const aliasesQuery = (id: number) =>
  queryOptions({
    queryKey: ["items", "one", id, "aliases"],
    queryFn: ({ signal }) => body(getApiV1ItemsByItemIdAliases({ path: { item_id: id }, signal })),
  });

/** The name under which what was merged last is known; numbers grow. */
export const newestAlias = (aliases: readonly Pick<AliasOut, "id">[]): number | undefined =>
  aliases.reduce<number | undefined>((newest, { id }) => Math.max(newest ?? id, id), undefined);

const refreshItems = (queries: QueryClient) =>
  Promise.all(
    ["twins", "items", "trash", "storage"].map((name) => queries.invalidateQueries({ queryKey: [name] })),
  );

export function useMerge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ kept, gone }: { kept: Item; gone: Item }): Promise<Merged | null> => {
      await body(postApiV1ItemsByItemIdMerge({ path: { item_id: kept.id }, body: { ids: [gone.id] } }));
      const alias = newestAlias(await body(getApiV1ItemsByItemIdAliases({ path: { item_id: kept.id } })));
      return alias === undefined ? null : { kept, gone, alias };
    },
    onSettled: () => refreshItems(queries),
  });
}

export function useUnmerge() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ kept, alias }: { kept: Pick<Item, "id">; alias: number }) =>
      body(deleteApiV1ItemsByItemIdAliasesByAliasId({ path: { item_id: kept.id, alias_id: alias } })),
    onSuccess: () => refreshItems(queries),
  });
}

export function useDismissTwins() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ([one, other]: readonly [Item, Item]) =>
      body(postApiV1LibraryTwinsDismiss({ body: { ids: [one.id, other.id] } })),
    onSettled: () => queries.invalidateQueries({ queryKey: twinsQuery.queryKey }),
  });
}
