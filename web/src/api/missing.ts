import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  getApiV1DownloadDownloadSettings,
  getApiV1DownloadStatus,
  getApiV1TasksByTaskIdUnmatched,
  postApiV1DownloadAllMissing,
  postApiV1DownloadCancelSessionBySessionId,
  postApiV1DownloadDownloadSettings,
  postApiV1DownloadDownloadSettingsTest,
  postApiV1DownloadSingle,
  type CandidateOut as SongCandidate,
  type DownloadSettings,
  type DownloadSettingsOut,
  type OrderOut as SongOrder,
  type SessionOut as SongSession,
  type Single,
  type UnmatchedOut as Unmatched,
} from "@/client";
import { body } from "./http";
import type { LiveEvent } from "./socket";

export type {
  DownloadSettings,
  DownloadSettingsOut,
  Single,
  SongCandidate,
  SongOrder,
  SongSession,
  Unmatched,
};

/** The songs of a task that its first server does not have, or not for sure; all of them. */
export const unmatchedQuery = (task: number) =>
  queryOptions({
    queryKey: ["matches", task, "unmatched"],
    queryFn: ({ signal }) => body(getApiV1TasksByTaskIdUnmatched({ path: { task_id: task }, signal })),
  });

/** Sessions of fetching, newest first, without their songs. */
export const sessionsQuery = queryOptions({
  queryKey: ["songs", "sessions"],
  queryFn: ({ signal }) =>
    body(getApiV1DownloadStatus({ query: { limit: 100, items: 0 }, signal })).then(
      ({ sessions }) => sessions,
    ),
});

/** The newest sessions of a task, with their songs. */
export const taskSessionsQuery = (task: number) =>
  queryOptions({
    queryKey: ["songs", "task", task],
    queryFn: ({ signal }) =>
      body(getApiV1DownloadStatus({ query: { task_id: task, limit: 10, items: 5000 }, signal })).then(
        ({ sessions }) => sessions,
      ),
  });

/** The songs of one session. */
export const ordersQuery = (session: number) =>
  queryOptions({
    queryKey: ["songs", "session", session],
    queryFn: ({ signal }) =>
      body(getApiV1DownloadStatus({ query: { session_id: session, items: 5000 }, signal })).then(
        ({ sessions }) => sessions[0]?.items ?? [],
      ),
  });

export const refreshSessions = (queries: QueryClient) => queries.invalidateQueries({ queryKey: ["songs"] });

function useChange<Wanted, Answer>(change: (wanted: Wanted) => Promise<Answer>) {
  const queries = useQueryClient();
  return useMutation({ mutationFn: change, onSuccess: () => refreshSessions(queries) });
}

/** Of one task, or of all. */
export const useFetchMissing = () =>
  useChange((task: number | null) =>
    body(postApiV1DownloadAllMissing({ body: task === null ? {} : { task_id: task } })),
  );
export const useFetchSong = () => useChange((song: Single) => body(postApiV1DownloadSingle({ body: song })));
export const useCancelSession = () =>
  useChange((id: number) => body(postApiV1DownloadCancelSessionBySessionId({ path: { session_id: id } })));

export const downloadSettingsQuery = queryOptions({
  queryKey: ["download-settings"],
  queryFn: ({ signal }) => body(getApiV1DownloadDownloadSettings({ signal })),
});

export function useSaveDownloadSettings() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (wanted: DownloadSettings) => body(postApiV1DownloadDownloadSettings({ body: wanted })),
    onSuccess: (saved) => queries.setQueryData(downloadSettingsQuery.queryKey, saved),
  });
}

/** Asks the external downloader that is saved. */
export const useTryDownloadSettings = () =>
  useMutation({ mutationFn: () => body(postApiV1DownloadDownloadSettingsTest()) });

const COUNTED = [
  "total",
  "completed",
  "failed",
  "cancelled",
] as const satisfies readonly (keyof SongSession)[];

/** Puts what is told of a session into everything that is known of it. */
export function mergeSession(queries: QueryClient, event: LiveEvent & { id: number }): void {
  const told = Object.fromEntries(
    [...COUNTED, "status" as const]
      .filter((name) => event[name] !== undefined)
      .map((name) => [name, event[name]]),
  ) as Partial<SongSession>;
  const merge = (old: SongSession): SongSession => (old.session_id === event.id ? { ...old, ...told } : old);
  queries.setQueryData<SongSession[]>(sessionsQuery.queryKey, (old) => old?.map(merge));
  queries.setQueriesData<SongSession[]>({ queryKey: ["songs", "task"] }, (old) => old?.map(merge));
}
