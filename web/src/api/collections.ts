import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1CollectionsByCollectionId,
  getApiV1Collections,
  getApiV1CollectionsByCollectionId,
  getApiV1CollectionsByCollectionIdItems,
  postApiV1Collections,
  putApiV1CollectionsByCollectionId,
  putApiV1CollectionsByCollectionIdItemsByItemId,
  type CollectionIn,
  type CollectionOut as Collection,
  type CollectionUpdate,
  type Filter as Rule,
} from "@/client";
import { body } from "./http";
import { collectionItemsKey, stated, type Item, type Wall } from "./items";

export type { Collection, Rule };

/** One's own collections, by name. */
export const collectionsQuery = queryOptions({
  queryKey: ["collections", "list"],
  queryFn: ({ signal }) => body(getApiV1Collections({ signal })),
});

export const collectionQuery = (id: number) =>
  queryOptions({
    queryKey: ["collections", "one", id],
    queryFn: ({ signal }) => body(getApiV1CollectionsByCollectionId({ path: { collection_id: id }, signal })),
  });

/** Pictures on the front of a collection. */
const FACES = 4;

/** The first few things in a collection, and how many there are. */
export const facesQuery = (id: number) =>
  queryOptions({
    queryKey: ["collections", "faces", id],
    queryFn: ({ signal }) =>
      body(
        getApiV1CollectionsByCollectionIdItems({
          path: { collection_id: id },
          query: { limit: FACES },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** What a filter says, and nothing of what it leaves open: as it is kept and shown. */
export const ruleOf = (filter: object): Rule => {
  const { in_trash, ...rule } = stated(filter as Rule);
  return in_trash ? { ...rule, in_trash } : rule;
};

export function useMakeCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: CollectionIn) => body(postApiV1Collections({ body: wanted })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["collections"] }),
  });
}

export function useChangeCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...changes }: CollectionUpdate & { id: number }) =>
      body(putApiV1CollectionsByCollectionId({ path: { collection_id: id }, body: changes })),
    onSuccess: async (collection) => {
      queries.setQueryData(collectionQuery(collection.id).queryKey, collection);
      // Another rule finds other things.
      if (collection.query) void queries.resetQueries({ queryKey: collectionItemsKey(collection.id) });
      await Promise.all(
        [["collections"], ["items", "one"]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      );
    },
  });
}

/** The collection goes; what is in it stays in the library. */
export function useDeleteCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(deleteApiV1CollectionsByCollectionId({ path: { collection_id: id } })),
    onSuccess: async ({ id }) => {
      queries.removeQueries({ queryKey: collectionItemsKey(id) });
      await Promise.all(
        [
          ["collections", "list"],
          ["items", "one"],
        ].map((queryKey) => queries.invalidateQueries({ queryKey })),
      );
    },
  });
}

/** Puts one item right before another one (`null`: behind the last). */
export function placed(items: readonly Item[], id: number, before: number | null): Item[] {
  const moved = items.filter((item) => item.id === id);
  const others = items.filter((item) => item.id !== id);
  const at = before === null ? others.length : others.findIndex((item) => item.id === before);
  return at < 0 ? [...items] : [...others.slice(0, at), ...moved, ...others.slice(at)];
}

/** The same in a list that came in pages, which stay as long as they are. */
export function placedInPages({ pages, pageParams }: Wall, id: number, before: number | null): Wall {
  const items = placed(
    pages.flatMap((page) => page.items),
    id,
    before,
  );
  let from = 0;
  const next = pages.map((page) => ({ ...page, items: items.slice(from, (from += page.items.length)) }));
  return { pages: next, pageParams };
}

export interface Move {
  id: number;
  before: number | null;
}

export function useMoveInCollection(collection: number) {
  const queries = useQueryClient();
  const queryKey = collectionItemsKey(collection);
  return useMutation({
    // One after the other, as they were asked for: each is said by what stood there then.
    scope: { id: `collection-${collection}` },
    mutationFn: ({ id, before }: Move) =>
      body(
        putApiV1CollectionsByCollectionIdItemsByItemId({
          path: { collection_id: collection, item_id: id },
          body: { before },
        }),
      ),
    // It is there at once; if the server says no, the list is read anew.
    onMutate: ({ id, before }) =>
      queries.setQueryData<Wall>(queryKey, (old) => old && placedInPages(old, id, before)),
    onError: () => queries.resetQueries({ queryKey }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["collections", "faces", collection] }),
  });
}
