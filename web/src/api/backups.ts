import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1BackupsByName,
  getApiV1Backups,
  getApiV1DatabaseImport,
  postApiV1Backups,
  postApiV1BackupsByNameRestore,
  postApiV1DatabaseImport,
  type BackupOut as Backup,
} from "@/client";
import { body } from "./http";

export type { Backup };

/** How often a running import is asked how far it is. */
const ASK_EVERY_MS = 700;

/** Where the whole database is served as a file. */
export const DATABASE_EXPORT = "/api/v1/database/export";
export const backupFile = ({ name }: Backup) => `/api/v1/backups/${encodeURIComponent(name)}`;

export const backupsQuery = queryOptions({
  queryKey: ["backups", "list"],
  queryFn: async ({ signal }) => (await body(getApiV1Backups({ signal }))).backups,
});

/** The latest import: asked again and again while it runs. */
export const importQuery = queryOptions({
  queryKey: ["backups", "import"],
  queryFn: ({ signal }) => body(getApiV1DatabaseImport({ signal })),
  refetchInterval: (query) => (query.state.data?.state === "running" ? ASK_EVERY_MS : false),
});

function useAct<Wanted>(act: (wanted: Wanted) => Promise<unknown>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["backups"] }),
  });
}

export const useMakeBackup = () => useAct<void>(() => body(postApiV1Backups()));

export const useDeleteBackup = () =>
  useAct((name: string) => body(deleteApiV1BackupsByName({ path: { name } })));

export const useRestore = () =>
  useAct((name: string) => body(postApiV1BackupsByNameRestore({ path: { name } })));

export const useImport = () => useAct((file: File) => body(postApiV1DatabaseImport({ body: { file } })));
