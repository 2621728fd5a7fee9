import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  deleteApiV1SettingsSavedByName,
  getApiV1SettingsSchema,
  putApiV1Settings,
  type SettingFact as Setting,
} from "@/client";
import { setupQuery } from "./account";
import { body } from "./http";

export type { Setting };

/** Every setting, with what people need to know of it. */
export const settingsQuery = queryOptions({
  queryKey: ["settings"],
  queryFn: ({ signal }) => body(getApiV1SettingsSchema({ signal })),
});

export function useSaveSetting() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: ({ name, value }: { name: string; value: Setting["value"] }) =>
      body(putApiV1Settings({ body: { [name]: value } })),
    onSuccess: () => refresh(queries),
  });
}

/** Forgets what was saved, so that the default counts. */
export function useResetSetting() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (name: string) => body(deleteApiV1SettingsSavedByName({ path: { name } })),
    onSuccess: () => refresh(queries),
  });
}

function refresh(queries: QueryClient) {
  return Promise.all([
    queries.invalidateQueries({ queryKey: settingsQuery.queryKey }),
    queries.invalidateQueries({ queryKey: setupQuery.queryKey }),
  ]);
}
