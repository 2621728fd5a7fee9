import type { ItemFilter, Sort } from "@/api/items";
import type { LibrarySearch } from "@/app/routes/library";

/** The parts of a filter that a value chosen from a list, or a row of buttons, sets. */
const PARTS = [
  "kind",
  "is_favourite",
  "tag",
  "collection_id",
  "artist",
  "album",
  "genre",
  "site",
  "link_id",
] as const satisfies readonly (keyof ItemFilter)[];
export type Part = (typeof PARTS)[number];

/** What the address of the library asks the server for. */
export function filterOf(search: LibrarySearch): ItemFilter {
  const filter: ItemFilter = { q: search.q };
  return PARTS.reduce<ItemFilter>((sum, part) => ({ ...sum, [part]: search[part] }), filter);
}

/** The order: as chosen, otherwise what fits best where words are looked for, and the newest where not. */
export const sortOf = ({ q, sort }: LibrarySearch): Sort => sort ?? (q ? "relevance" : "newest");

/** Whether anything narrows what is shown. */
export const isFiltered = (filter: ItemFilter) =>
  Object.values(filter).some((value) => value !== undefined && value !== "");

/** The parts that are set beyond words and kind, which have places of their own on the screen. */
export const setParts = (filter: ItemFilter): Part[] =>
  PARTS.filter((part) => part !== "kind" && part !== "is_favourite" && filter[part] !== undefined);

/** Whether it can be kept as a collection: a search in a collection cannot. */
export const isSavable = (filter: ItemFilter) => isFiltered(filter) && filter.collection_id === undefined;

/** What a search could be called: the words that are looked for, or what it names. */
export function nameFor({ q, artist, album, tag, genre, site }: ItemFilter): string {
  return [q, artist, album, tag, genre, site].filter(Boolean).join(" · ").slice(0, 200);
}
