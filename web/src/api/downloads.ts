import {
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import {
  getApiV1Downloads,
  getApiV1DownloadsByDownloadId,
  postApiV1Downloads,
  postApiV1DownloadsByDownloadIdCancel,
  postApiV1DownloadsByDownloadIdRetry,
  postApiV1Inspect,
  type DownloadOut as Download,
  type DownloadPage,
} from "@/client";
import { body } from "./http";

export type { Download, DownloadPage };
export type Status = Download["status"];
export type Profile = "video" | "audio";

export const STATUSES: readonly Status[] = [
  "pending",
  "downloading",
  "completed",
  "failed",
  "cancelled",
  "skipped",
];
const RUNNING: readonly Status[] = ["pending", "downloading"];
export const isRunning = (download: Download) => RUNNING.includes(download.status);

export interface DownloadFilter {
  status?: readonly Status[] | undefined;
  page?: number;
  perPage?: number;
}

/** One page of the downloads, newest first. */
export const downloadsQuery = ({ status, page = 1, perPage = 20 }: DownloadFilter) =>
  queryOptions({
    queryKey: ["downloads", "list", { status, page, perPage }],
    queryFn: ({ signal }) =>
      body(
        getApiV1Downloads({
          query: { page, per_page: perPage, ...(status ? { status: [...status] } : {}) },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
  });

export const downloadQuery = (id: number) =>
  queryOptions({
    queryKey: ["downloads", "one", id],
    queryFn: ({ signal }) => body(getApiV1DownloadsByDownloadId({ path: { download_id: id }, signal })),
  });

/** What an address is. Asked while the person is still looking at the box. */
export const inspectQuery = (url: string) =>
  queryOptions({
    queryKey: ["inspect", url],
    queryFn: ({ signal }) => body(postApiV1Inspect({ body: { url }, signal })),
    staleTime: 10 * 60_000,
    retry: false,
  });

export interface Wanted {
  urls: readonly string[];
  profile: Profile;
}

/** What became of each address: a download, or the error that kept it from being one. */
export interface Started {
  started: Download[];
  failed: { url: string; error: unknown }[];
}

/** Starts one download for each address, in the order given. One that fails does not stop the others. */
export function useStartDownloads() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: async ({ urls, profile }: Wanted): Promise<Started> => {
      const outcome: Started = { started: [], failed: [] };
      for (const url of urls) {
        try {
          outcome.started.push(await body(postApiV1Downloads({ body: { url, profile } })));
        } catch (error) {
          outcome.failed.push({ url, error });
        }
      }
      return outcome;
    },
    onSuccess: () => refreshLists(queries),
  });
}

export function useCancel() {
  return useAct((id) => body(postApiV1DownloadsByDownloadIdCancel({ path: { download_id: id } })));
}

export function useRetry() {
  return useAct((id) => body(postApiV1DownloadsByDownloadIdRetry({ path: { download_id: id } })));
}

function useAct(act: (id: number) => Promise<Download>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSuccess: (download) => {
      queries.setQueryData(downloadQuery(download.id).queryKey, download);
      return refreshLists(queries);
    },
  });
}

export function refreshLists(queries: QueryClient): Promise<void> {
  return queries.invalidateQueries({ queryKey: ["downloads"] });
}
