import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1NotificationsTargetsByTargetId,
  getApiV1NotificationsTargets,
  postApiV1NotificationsTargets,
  postApiV1NotificationsTargetsByTargetIdTest,
  putApiV1NotificationsTargetsByTargetId,
  type TargetCreateWritable as TargetCreate,
  type TargetOut as Target,
  type TargetUpdateWritable as TargetUpdate,
} from "@/client";
import { body } from "./http";

export type { Target };
export type NoticeEvent = Target["events"][number];
export type Digest = Target["digest"];
export const NOTICE_EVENTS: readonly NoticeEvent[] = ["new_item", "failed", "needs_attention"];
export const DIGESTS: readonly Digest[] = ["at_once", "hourly", "daily"];

/** Where the caller wants to be told. */
export const targetsQuery = queryOptions({
  queryKey: ["targets"],
  queryFn: ({ signal }) => body(getApiV1NotificationsTargets({ signal })),
});

function useChange<Wanted, Answer>(change: (wanted: Wanted) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["targets"] }),
  });
}

export const useAddTarget = () =>
  useChange((wanted: TargetCreate) => body(postApiV1NotificationsTargets({ body: wanted })));

export const useSaveTarget = (id: number) =>
  useChange((changes: TargetUpdate) =>
    body(putApiV1NotificationsTargetsByTargetId({ path: { target_id: id }, body: changes })),
  );

export const useDeleteTarget = () =>
  useChange((id: number) => body(deleteApiV1NotificationsTargetsByTargetId({ path: { target_id: id } })));

export const useTryTarget = () =>
  useChange((id: number) => body(postApiV1NotificationsTargetsByTargetIdTest({ path: { target_id: id } })));
