import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1ArtistsByArtistId,
  getApiV1Artists,
  postApiV1Artists,
  putApiV1ArtistsByArtistId,
  type ArtistOut as ArtistNames,
} from "@/client";
import { body } from "./http";

export type { ArtistNames };

/** Names of artists that one has added to those that ship. */
export const artistsQuery = queryOptions({
  queryKey: ["artists"],
  queryFn: ({ signal }) => body(getApiV1Artists({ signal })),
});

function useChange<Wanted, Answer>(change: (wanted: Wanted) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: () => queries.invalidateQueries({ queryKey: artistsQuery.queryKey }),
  });
}

/** Without a number the names are added as a new artist. */
export const useSaveArtist = () =>
  useChange(({ id, names }: { id: number | null; names: string[] }) =>
    body(
      id === null
        ? postApiV1Artists({ body: { names } })
        : putApiV1ArtistsByArtistId({ path: { artist_id: id }, body: { names } }),
    ),
  );

export const useDeleteArtist = () =>
  useChange((id: number) => body(deleteApiV1ArtistsByArtistId({ path: { artist_id: id } })));
