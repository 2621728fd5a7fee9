import { createRoute } from "@tanstack/react-router";
import { KINDS, SORTS, type ItemFilter, type Sort } from "@/api/items";
import { numbered, screen, shell } from "./frame";
import { oneOf, rowNumber, text } from "./search";

export interface LibrarySearch extends ItemFilter {
  sort?: Sort | undefined;
  view?: "list" | undefined;
}

const library = createRoute({
  getParentRoute: () => shell,
  path: "/library",
  validateSearch: (search): LibrarySearch => ({
    q: text(search["q"]),
    kind: oneOf(search["kind"], KINDS),
    site: text(search["site"]),
    artist: text(search["artist"]),
    album: text(search["album"]),
    genre: text(search["genre"]),
    tag: text(search["tag"]),
    link_id: rowNumber(search["link_id"]),
    collection_id: rowNumber(search["collection_id"]),
    is_favourite: search["is_favourite"] === true ? true : undefined,
    sort: oneOf(search["sort"], SORTS),
    view: oneOf(search["view"], ["list"] as const),
  }),
  component: screen(["collections", "library"], () => import("@/features/library/LibraryPage")),
});

const collections = createRoute({
  getParentRoute: () => shell,
  path: "/library/collections",
  component: screen(["collections", "library"], () => import("@/features/collections/CollectionsPage")),
});

interface CollectionSearch {
  view?: "list" | undefined;
}

const collection = createRoute({
  getParentRoute: () => shell,
  path: "/library/collections/$id",
  params: numbered,
  validateSearch: (search): CollectionSearch => ({ view: oneOf(search["view"], ["list"] as const) }),
  component: screen(["collections", "library"], () => import("@/features/collections/CollectionPage")),
});

const trash = createRoute({
  getParentRoute: () => shell,
  path: "/library/trash",
  component: screen(["care"], () => import("@/features/trash/TrashPage")),
});

const storage = createRoute({
  getParentRoute: () => shell,
  path: "/library/storage",
  component: screen(["care"], () => import("@/features/storage/StoragePage")),
});

const feeds = createRoute({
  getParentRoute: () => shell,
  path: "/library/feeds",
  component: screen(["care"], () => import("@/features/feeds/FeedsPage")),
});

const item = createRoute({
  getParentRoute: () => shell,
  path: "/library/$id",
  params: numbered,
  component: screen(["collections", "library"], () => import("@/features/library/ItemPage")),
});

export const libraryRoutes = [library, collections, collection, trash, storage, feeds, item] as const;
