import type { Key } from "@/i18n";
import type { Part } from "./search";

/** What the parts of a filter are called. */
export const LABELS = {
  kind: "library.kind",
  is_favourite: "library.favourites",
  tag: "library.tag",
  artist: "item.artist",
  album: "item.album",
  genre: "library.genre",
  site: "item.site",
  collection_id: "library.collection",
  link_id: "library.link",
} as const satisfies Record<Part, Key>;
