import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  getApiV1Collections,
  postApiV1Collections,
  type CollectionIn,
  type CollectionOut as Collection,
} from "@/client";
import { body } from "./http";

export type { Collection };

/** One's own collections, by name. */
export const collectionsQuery = queryOptions({
  queryKey: ["collections", "list"],
  queryFn: ({ signal }) => body(getApiV1Collections({ signal })),
});

export function useMakeCollection() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: CollectionIn) => body(postApiV1Collections({ body: wanted })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["collections"] }),
  });
}
