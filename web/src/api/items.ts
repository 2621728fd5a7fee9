import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
} from "@tanstack/react-query";
import {
  deleteApiV1ItemsByItemId,
  getApiV1Items,
  getApiV1ItemsByItemId,
  type ItemOut as Item,
  type FileOut as ItemFile,
} from "@/client";
import { body } from "./http";

export type { Item, ItemFile };
export type Kind = Item["kind"];
export const KINDS: readonly Kind[] = ["video", "audio", "gallery", "image", "file"];

const PAGE = 60;

export interface ItemFilter {
  q?: string | undefined;
  kind?: Kind | undefined;
}

/** The library, newest first, page after page by keyset. */
export const itemsQuery = ({ q, kind }: ItemFilter) =>
  infiniteQueryOptions({
    queryKey: ["items", "wall", { q, kind }],
    queryFn: ({ pageParam, signal }) =>
      body(
        getApiV1Items({
          query: {
            limit: PAGE,
            ...(q ? { q } : {}),
            ...(kind ? { kind } : {}),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** The newest few, for the start screen. */
export const newestItemsQuery = (limit: number) =>
  queryOptions({
    queryKey: ["items", "newest", limit],
    queryFn: ({ signal }) => body(getApiV1Items({ query: { limit }, signal })),
  });

export const itemQuery = (id: number) =>
  queryOptions({
    queryKey: ["items", "one", id],
    queryFn: ({ signal }) => body(getApiV1ItemsByItemId({ path: { item_id: id }, signal })),
  });

/** Where a file of an item is served; without one, the item's main file. */
export function fileAddress(item: Item, file?: ItemFile): string {
  const base = `/api/v1/items/${item.id}/file`;
  return file ? `${base}?file=${file.id}` : base;
}

export function useDeleteItem() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (item: Item) => body(deleteApiV1ItemsByItemId({ path: { item_id: item.id } })),
    onSuccess: async (_nothing, item) => {
      queries.removeQueries({ queryKey: itemQuery(item.id).queryKey });
      await Promise.all([
        queries.invalidateQueries({ queryKey: ["items", "wall"] }),
        queries.invalidateQueries({ queryKey: ["items", "newest"] }),
      ]);
    },
  });
}
