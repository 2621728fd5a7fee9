import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1DigestsByDigestId,
  getApiV1Digests,
  postApiV1Digests,
  postApiV1DigestsByDigestIdRun,
  putApiV1DigestsByDigestId,
  type DigestCreate,
  type DigestOut as Digest,
  type DigestUpdate,
} from "@/client";
import { body } from "./http";

export type { Digest, DigestCreate, DigestUpdate };

export const digestsQuery = queryOptions({
  queryKey: ["digests"],
  queryFn: ({ signal }) => body(getApiV1Digests({ signal })),
});

function useChange<Wanted>(change: (wanted: Wanted) => Promise<Digest>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () =>
      Promise.all(
        [["digests"], ["podcasts", "list"]].map((queryKey) => queries.invalidateQueries({ queryKey })),
      ),
  });
}

export const useAddDigest = () =>
  useChange((wanted: DigestCreate) => body(postApiV1Digests({ body: wanted })));
export const useSaveDigest = (id: number) =>
  useChange((wanted: DigestUpdate) =>
    body(putApiV1DigestsByDigestId({ path: { digest_id: id }, body: wanted })),
  );
export const useRunDigest = () =>
  useChange((id: number) => body(postApiV1DigestsByDigestIdRun({ path: { digest_id: id } })));
export const useDeleteDigest = () =>
  useChange((id: number) => body(deleteApiV1DigestsByDigestId({ path: { digest_id: id } })));
