import { infiniteQueryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import { deleteApiV1ItemsByItemId, deleteApiV1Trash, getApiV1Trash, type TrashedItem } from "@/client";
import { body } from "./http";

export type { TrashedItem };

/** What lies in the trash, what was thrown away last first. */
export const trashQuery = infiniteQueryOptions({
  queryKey: ["trash"],
  queryFn: ({ pageParam, signal }) =>
    body(getApiV1Trash({ query: pageParam === null ? {} : { cursor: pageParam }, signal })),
  initialPageParam: null as string | null,
  getNextPageParam: (last) => last.next_cursor,
});

const refreshTrash = (queries: QueryClient) =>
  Promise.all(["trash", "storage"].map((name) => queries.invalidateQueries({ queryKey: [name] })));

export function useDeleteForEver() {
  const queries = useQueryClient();
  return useMutation({
    /** `everybody`: of a superuser, also what only others have thrown away. */
    mutationFn: ({ id, everybody }: { id: number; everybody: boolean }) =>
      body(deleteApiV1ItemsByItemId({ path: { item_id: id }, query: { forever: true, everybody } })),
    onSuccess: () => refreshTrash(queries),
  });
}

export function useEmptyTrash() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (everybody: boolean) => body(deleteApiV1Trash({ query: { everybody } })),
    onSuccess: () => refreshTrash(queries),
  });
}
