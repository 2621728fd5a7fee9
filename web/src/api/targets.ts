import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1NotificationsTargetsByTargetId,
  getApiV1NotificationsTargets,
  postApiV1NotificationsTargets,
  postApiV1NotificationsTargetsByTargetIdTest,
  putApiV1NotificationsTargetsByTargetId,
  type TargetOut as Target,
  type TargetUpdateWritable as TargetChanges,
} from "@/client";
import { body } from "./http";

export type { Target };
export type Digest = Target["digest"];
export type Happening = Target["events"][number];
export const DIGESTS: readonly Digest[] = ["at_once", "hourly", "daily"];
export const HAPPENINGS: readonly Happening[] = ["new_item", "failed", "needs_attention"];

export const targetsQuery = queryOptions({
  queryKey: ["notifications", "targets"],
  queryFn: ({ signal }) => body(getApiV1NotificationsTargets({ signal })),
});

type Chosen = TargetChanges & { events: Happening[]; digest: Digest; is_enabled: boolean };

/** Adds a target, or changes the one with that id. */
export function useSaveTarget(id?: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ url, ...rest }: Chosen) =>
      id === undefined
        ? body(postApiV1NotificationsTargets({ body: { url: url ?? "", ...rest } }))
        : body(
            putApiV1NotificationsTargetsByTargetId({
              path: { target_id: id },
              body: { url: url || null, ...rest },
            }),
          ),
    // The address is a secret: it is kept for no longer than it is typed.
    gcTime: 0,
    onSuccess: () => queries.invalidateQueries({ queryKey: targetsQuery.queryKey }),
  });
}

export function useDeleteTarget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(deleteApiV1NotificationsTargetsByTargetId({ path: { target_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: targetsQuery.queryKey }),
  });
}

/** Sends a test message, and answers what became of it. */
export function useTestTarget() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      body(postApiV1NotificationsTargetsByTargetIdTest({ path: { target_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: targetsQuery.queryKey }),
  });
}
