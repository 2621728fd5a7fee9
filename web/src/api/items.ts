import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
  type InfiniteData,
  type QueryClient,
} from "@tanstack/react-query";
import {
  deleteApiV1ItemsByItemId,
  getApiV1Items,
  getApiV1ItemsByItemId,
  getApiV1ItemsFacets,
  getApiV1Tags,
  postApiV1ItemsBulk,
  postApiV1ItemsByItemIdRestore,
  postApiV1ItemsZip,
  putApiV1ItemsByItemIdFavourite,
  putApiV1ItemsByItemIdPin,
  putApiV1ItemsByItemIdTags,
  type Bulk,
  type FileOut as ItemFile,
  type GetApiV1ItemsData,
  type ItemOut as Item,
  type ItemPage,
} from "@/client";
import { body } from "./http";

export type { Item, ItemFile };
export type Kind = Item["kind"];
export const KINDS: readonly Kind[] = ["video", "audio", "gallery", "image", "file"];
type Query = NonNullable<GetApiV1ItemsData["query"]>;
export type Sort = NonNullable<Query["sort"]>;
export const SORTS: readonly Sort[] = [
  "newest",
  "oldest",
  "title",
  "artist",
  "published",
  "duration",
  "size",
  "relevance",
];

/** The first page is there soon; the others come while one scrolls, and may be long. */
const FIRST_PAGE = 60;
const NEXT_PAGES = 200;

export interface ItemFilter {
  q?: string | undefined;
  kind?: Kind | undefined;
  site?: string | undefined;
  artist?: string | undefined;
  album?: string | undefined;
  genre?: string | undefined;
  tag?: string | undefined;
  link_id?: number | undefined;
  collection_id?: number | undefined;
  is_favourite?: boolean | undefined;
}

/** What a filter says, without what it leaves open. */
export function stated<T extends object>(filter: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]) => value !== undefined && value !== null && value !== ""),
  ) as { [K in keyof T]?: NonNullable<T[K]> };
}

type Wall = InfiniteData<ItemPage, string | null>;

/** A list that was scrolled far is not read again page after page for one change. */
const isShort = ({ state }: { state: { data: unknown } }) =>
  ((state.data as Wall | undefined)?.pages.length ?? 0) <= 2;

/** The library, page after page by keyset. */
export const itemsQuery = (filter: ItemFilter, sort?: Sort) =>
  infiniteQueryOptions({
    queryKey: ["items", "wall", stated(filter), sort ?? null],
    queryFn: ({ pageParam, signal }) =>
      body(
        getApiV1Items({
          query: {
            ...stated(filter),
            ...(sort ? { sort } : {}),
            limit: pageParam === null ? FIRST_PAGE : NEXT_PAGES,
            ...(pageParam === null ? {} : { cursor: pageParam }),
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchOnMount: isShort,
    refetchOnWindowFocus: isShort,
    refetchOnReconnect: isShort,
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

/** What the items that a filter finds have in common, with counts. */
export const facetsQuery = (filter: ItemFilter) =>
  queryOptions({
    queryKey: ["items", "facets", stated(filter)],
    queryFn: ({ signal }) => body(getApiV1ItemsFacets({ query: stated(filter), signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** One's own tags. */
export const tagsQuery = queryOptions({
  queryKey: ["tags"],
  queryFn: ({ signal }) => body(getApiV1Tags({ signal })),
});

/** Where a file of an item is served; without one, the item's main file. */
export function fileAddress(item: Item, file?: ItemFile): string {
  const base = `/api/v1/items/${item.id}/file`;
  return file ? `${base}?file=${file.id}` : base;
}

type Change = (item: Item) => Item | null;

/** Puts what is known now about some items into all that shows them; `null` takes them away. */
export function changeItems(queries: QueryClient, ids: ReadonlySet<number>, change: Change): void {
  const changed = (items: Item[]): Item[] => {
    if (!items.some(({ id }) => ids.has(id))) return items;
    return items.flatMap((item) => (ids.has(item.id) ? (change(item) ?? []) : item));
  };
  const pages = (old: ItemPage): ItemPage => {
    const items = changed(old.items);
    return items === old.items ? old : { ...old, items };
  };
  queries.setQueriesData<Wall>({ queryKey: ["items", "wall"] }, (old) => {
    if (!old) return old;
    const next = old.pages.map(pages);
    const fewer = old.pages.reduce(
      (sum, page, at) => sum + page.items.length - (next[at]?.items.length ?? 0),
      0,
    );
    return { ...old, pages: fewer ? next.map((page) => ({ ...page, total: page.total - fewer })) : next };
  });
  queries.setQueriesData<ItemPage>({ queryKey: ["items", "newest"] }, (old) => old && pages(old));
  for (const id of ids) {
    const { queryKey } = itemQuery(id);
    const old = queries.getQueryData(queryKey);
    const next = old && change(old);
    // What a list knows of an item is less than what its own screen knows.
    if (next) queries.setQueryData(queryKey, { ...old, ...next });
    else if (old) queries.removeQueries({ queryKey });
  }
}

/** What counts items, or lists them otherwise than the wall does, is read anew; and the wall where that is cheap. */
async function refreshAround(queries: QueryClient): Promise<void> {
  await Promise.all([
    ...[["items", "facets"], ["items", "newest"], ["tags"], ["collections"], ["trash"], ["storage"]].map(
      (queryKey) => queries.invalidateQueries({ queryKey }),
    ),
    queries.invalidateQueries({ queryKey: ["items", "wall"], predicate: isShort }),
  ]);
}

const put = (queries: QueryClient, item: Item) => changeItems(queries, new Set([item.id]), () => item);

/** Makes one's own what the server answers, at once and for good. */
function useItemChange<Wanted>(send: (item: Item, wanted: Wanted) => Promise<Item>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ item, wanted }: { item: Item; wanted: Wanted }) => send(item, wanted),
    onSuccess: (item) => {
      put(queries, item);
      return refreshAround(queries);
    },
  });
}

export function useFavourite() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, is_favourite }: Item) =>
      body(putApiV1ItemsByItemIdFavourite({ path: { item_id: id }, body: { is_favourite: !is_favourite } })),
    // The heart answers at once; if the server says no it goes back.
    onMutate: (item) => put(queries, { ...item, is_favourite: !item.is_favourite }),
    onError: (_error, item) => put(queries, item),
    onSuccess: (item) => put(queries, item),
  });
}

export const usePin = () =>
  useItemChange((item, pinned: boolean) =>
    body(putApiV1ItemsByItemIdPin({ path: { item_id: item.id }, body: { pinned } })),
  );

export const useSetTags = () =>
  useItemChange((item, tags: string[]) =>
    body(putApiV1ItemsByItemIdTags({ path: { item_id: item.id }, body: { tags } })),
  );

/** Moves an item into the trash. */
export function useDeleteItem() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (item: Item) => body(deleteApiV1ItemsByItemId({ path: { item_id: item.id } })),
    onSuccess: (item) => {
      changeItems(queries, new Set([item.id]), () => null);
      return refreshAround(queries);
    },
  });
}

/** Takes an item out of the trash again. */
export function useRestoreItem() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(postApiV1ItemsByItemIdRestore({ path: { item_id: id } })),
    onSuccess: () => {
      void queries.resetQueries({ queryKey: ["items", "wall"] });
      return refreshAround(queries);
    },
  });
}

/** Several items: one by one, or all that a filter finds. */
export type Choice = { ids: number[] } | { filter: ItemFilter };
export type Order = Pick<Bulk, "action" | "tags" | "collection_id"> & { choice: Choice };

const named = (choice: Choice) => ("ids" in choice ? choice : { filter: stated(choice.filter) });

/** What an order makes of each of its items, where that can be told without asking. */
function effectOf({ action, tags }: Order): Change | null {
  switch (action) {
    case "favourite":
    case "unfavourite":
      return (item) => ({ ...item, is_favourite: action === "favourite" });
    case "tag":
      return (item) => ({ ...item, tags: [...new Set([...item.tags, ...(tags ?? [])])].sort() });
    case "untag":
      return (item) => ({ ...item, tags: item.tags.filter((tag) => !tags?.includes(tag)) });
    case "trash":
    case "delete":
      return () => null;
    default:
      return null;
  }
}

/** Does one thing to many items. */
export function useBulk() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ choice, ...order }: Order) =>
      body(postApiV1ItemsBulk({ body: { ...order, ...named(choice) } })),
    onSuccess: async (_done, order) => {
      const effect = effectOf(order);
      if ("ids" in order.choice && effect) changeItems(queries, new Set(order.choice.ids), effect);
      else if (effect || order.action === "restore")
        void queries.resetQueries({ queryKey: ["items", "wall"] });
      await refreshAround(queries);
    },
  });
}

/** Orders the chosen items as one zip; the browser then loads it like any file. */
export function useZip() {
  return useMutation({
    mutationFn: (choice: Choice) => body(postApiV1ItemsZip({ body: named(choice) })),
    onSuccess: ({ url }) => location.assign(url),
  });
}
