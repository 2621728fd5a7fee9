import { queryOptions, useMutation, useQueryClient } from "@tanstack/react-query";
import {
  deleteApiV1BackupsByName,
  getApiV1Backups,
  getApiV1DatabaseImport,
  postApiV1Backups,
  postApiV1BackupsByNameRestore,
  type BackupOut as Backup,
  type ImportStarted,
} from "@/client";
import { body } from "./http";
import { askAgainIn, keepReceipt } from "./importOutcome";
import { upload } from "./upload";

export type { Backup };

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
  refetchInterval: (query) => askAgainIn(query.state.data),
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
  useAct(async (name: string) => {
    keepReceipt(await body(postApiV1BackupsByNameRestore({ path: { name } })));
  });

interface Sending {
  file: File;
  /** Told how much of the file has gone out, from 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

export const useImport = () =>
  useAct(async ({ file, ...options }: Sending) => {
    keepReceipt(await upload<ImportStarted>("/api/v1/database/import", file, options));
  });
