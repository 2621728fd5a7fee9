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
  getApiV1CollectionsByCollectionIdItems,
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

export type Wall = InfiniteData<ItemPage, string | null>;

/** A list that was scrolled far is not read again page after page for one change. */
const isShort = ({ state }: { state: { data: unknown } }) =>
  ((state.data as Wall | undefined)?.pages.length ?? 0) <= 2;

interface PageQuery {
  limit: number;
  cursor?: string;
}

/** What distinguishes one list of items from another. */
type WallKey = readonly ["items", "wall", ...unknown[]];

/** A list of items that comes page after page, by keyset; every change of its items reaches it by its key. */
const wallQuery = (queryKey: WallKey, read: (page: PageQuery, signal: AbortSignal) => Promise<ItemPage>) =>
  infiniteQueryOptions({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      read(pageParam === null ? { limit: FIRST_PAGE } : { limit: NEXT_PAGES, cursor: pageParam }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    refetchOnMount: isShort,
    refetchOnWindowFocus: isShort,
    refetchOnReconnect: isShort,
  });
export type WallQuery = ReturnType<typeof wallQuery>;

/** The library. */
export const itemsQuery = (filter: ItemFilter, sort?: Sort) =>
  wallQuery(["items", "wall", stated(filter), sort ?? null], (page, signal) =>
    body(getApiV1Items({ query: { ...stated(filter), ...(sort ? { sort } : {}), ...page }, signal })),
  );

/** A collection in its own order; of a search, the newest first. */
export const collectionItemsKey = (id: number) => ["items", "wall", { collection: id }] as const;
export const collectionItemsQuery = (id: number) =>
  wallQuery(collectionItemsKey(id), (page, signal) =>
    body(getApiV1CollectionsByCollectionIdItems({ path: { collection_id: id }, query: page, signal })),
  );

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

function changedPage(page: ItemPage, ids: ReadonlySet<number>, change: Change): ItemPage {
  if (!page.items.some(({ id }) => ids.has(id))) return page;
  return { ...page, items: page.items.flatMap((item) => (ids.has(item.id) ? (change(item) ?? []) : item)) };
}

const shownIn = ({ pages }: Wall) => pages.reduce((sum, { items }) => sum + items.length, 0);

function changedWall(wall: Wall, ids: ReadonlySet<number>, change: Change): Wall {
  const next = { ...wall, pages: wall.pages.map((page) => changedPage(page, ids, change)) };
  const fewer = shownIn(wall) - shownIn(next);
  if (fewer === 0) return next;
  return { ...next, pages: next.pages.map((page) => ({ ...page, total: page.total - fewer })) };
}

/** Puts what is known now about some items into all that shows them; `null` takes them away. */
export function changeItems(queries: QueryClient, ids: ReadonlySet<number>, change: Change): void {
  queries.setQueriesData<Wall>(
    { queryKey: ["items", "wall"] },
    (old) => old && changedWall(old, ids, change),
  );
  queries.setQueriesData<ItemPage>(
    { queryKey: ["items", "newest"] },
    (old) => old && changedPage(old, ids, change),
  );
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

/** After something has come into a collection or gone out of it: what shows it, and what says who is in which. */
async function recollect(queries: QueryClient, id: number, { action, choice }: Order): Promise<void> {
  const queryKey = collectionItemsKey(id);
  if (action === "remove_from_collection" && "ids" in choice) {
    const gone = new Set(choice.ids);
    queries.setQueryData<Wall>(queryKey, (old) => old && changedWall(old, gone, () => null));
  } else void queries.resetQueries({ queryKey });
  await queries.invalidateQueries({ queryKey: ["items", "one"] });
}

/** Does one thing to many items. */
export function useBulk() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ choice, ...order }: Order) =>
      body(postApiV1ItemsBulk({ body: { ...order, ...named(choice) } })),
    onSuccess: async (_done, order) => {
      const effect = effectOf(order);
      if (order.collection_id) await recollect(queries, order.collection_id, order);
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
