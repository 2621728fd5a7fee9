import { keepPreviousData, queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1ProfilesByProfileId,
  getApiV1Profiles,
  postApiV1Profiles,
  postApiV1ProfilesPreview,
  putApiV1ProfilesByProfileId,
  type ProfileOut as SavingProfile,
  type ProfileSpec,
} from "@/client";
import { body } from "./http";

export type { ProfileSpec, SavingProfile };

/** How media are saved: the profiles that ship with Magpie, then the caller's own. */
export const profilesQuery = queryOptions({
  queryKey: ["profiles"],
  queryFn: ({ signal }) => body(getApiV1Profiles({ signal })),
});

/** Where the files of a made-up medium would lie. */
export const namesQuery = (spec: ProfileSpec) =>
  queryOptions({
    queryKey: ["profiles", "names", spec],
    queryFn: ({ signal }) =>
      body(
        postApiV1ProfilesPreview({
          body: { spec, sample: { kind: spec.kind ?? "video", extension: ENDINGS[spec.kind ?? "video"] } },
          signal,
        }),
      ),
    retry: false,
    placeholderData: keepPreviousData,
  });

const ENDINGS = { video: "mp4", audio: "m4a", gallery: "jpg" } as const;

export interface ProfileWish {
  /** Null: a new one. */
  id: number | null;
  name: string;
  spec: ProfileSpec;
}

export function useSaveProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ id, ...wanted }: ProfileWish) =>
      body(
        id === null
          ? postApiV1Profiles({ body: wanted })
          : putApiV1ProfilesByProfileId({ path: { profile_id: id }, body: wanted }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["profiles"], exact: true }),
  });
}

export function useDeleteProfile() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(deleteApiV1ProfilesByProfileId({ path: { profile_id: id } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["profiles"], exact: true }),
  });
}
