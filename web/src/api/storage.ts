import { queryOptions } from "@tanstack/react-query";
import {
  getApiV1LibraryStorage,
  getApiV1LibraryStorageLinks,
  type Disk,
  type Share,
  type Storage,
} from "@/client";
import { body } from "./http";

export type { Disk, Share, Storage };

/** What takes how much room, and how much there is. */
export const storageQuery = queryOptions({
  queryKey: ["storage", "all"],
  queryFn: ({ signal }) => body(getApiV1LibraryStorage({ signal })),
});

/** The same by followed link, which takes the server longer. */
export const linkStorageQuery = queryOptions({
  queryKey: ["storage", "links"],
  queryFn: ({ signal }) => body(getApiV1LibraryStorageLinks({ signal })),
});
