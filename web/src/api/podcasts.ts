import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  useMutation,
  useQueryClient,
  type QueryClient,
} from "@tanstack/react-query";
import {
  deleteApiV1PodcastsByPodcastId,
  getApiV1Podcasts,
  getApiV1PodcastsByPodcastId,
  getApiV1PodcastsByPodcastIdScript,
  getApiV1PodcastsByPodcastIdScripts,
  postApiV1Podcasts,
  postApiV1PodcastsByPodcastIdApprove,
  postApiV1PodcastsByPodcastIdCancel,
  postApiV1PodcastsByPodcastIdContinue,
  postApiV1PodcastsByPodcastIdTranslate,
  postApiV1PodcastsByPodcastIdVoice,
  putApiV1PodcastsByPodcastId,
  putApiV1PodcastsByPodcastIdScript,
  type ContinueIn,
  type Created,
  type EpisodeCreate,
  type EpisodeOut as Episode,
  type EpisodeUpdate,
  type ScriptIn,
  type ScriptOut as Script,
  type ScriptVersion,
  type SourceIn,
  type SourceOut as Source,
  type SpeakerIn,
  type TranslateIn,
  type TurnOut as Turn,
  type VoiceIn,
} from "@/client";
import { body } from "./http";
import type { LiveEvent } from "./socket";
import { uploadForm } from "./upload";

export type {
  Episode,
  EpisodeCreate,
  Script,
  ScriptIn,
  ScriptVersion,
  Source,
  SourceIn,
  SpeakerIn,
  TranslateIn,
  Turn,
  VoiceIn,
};

export const EPISODE_STATUSES = [
  "pending",
  "writing",
  "waiting",
  "voicing",
  "mastering",
  "completed",
  "failed",
  "cancelled",
] as const;
export type EpisodeStatus = (typeof EPISODE_STATUSES)[number];
const BUSY: readonly string[] = ["pending", "writing", "voicing", "mastering"];
export const isBusy = ({ status }: Pick<Episode, "status">) => BUSY.includes(status);

/** Episodes that are read at once. */
const PAGE = 50;

/** One's podcasts, newest first, page after page. */
export const episodesQuery = (status?: EpisodeStatus) =>
  infiniteQueryOptions({
    queryKey: ["podcasts", "list", status ?? null],
    queryFn: ({ pageParam, signal }) =>
      body(
        getApiV1Podcasts({ query: { skip: pageParam, limit: PAGE, ...(status ? { status } : {}) }, signal }),
      ),
    initialPageParam: 0,
    getNextPageParam: (last, all) => (last.length < PAGE ? null : all.length * PAGE),
    placeholderData: keepPreviousData,
  });

const path = (id: string) => ({ podcast_id: id });

export const episodeQuery = (id: string) =>
  queryOptions({
    queryKey: ["podcasts", "one", id],
    queryFn: ({ signal }) => body(getApiV1PodcastsByPodcastId({ path: path(id), signal })),
  });

/** A script: one version of it, or the newest. */
export const scriptQuery = (id: string, version?: number) =>
  queryOptions({
    queryKey: ["podcasts", "script", id, version ?? null],
    queryFn: ({ signal }) =>
      body(
        getApiV1PodcastsByPodcastIdScript({
          path: path(id),
          query: version === undefined ? {} : { version },
          signal,
        }),
      ),
    retry: false,
  });

export const scriptsQuery = (id: string) =>
  queryOptions({
    queryKey: ["podcasts", "scripts", id],
    queryFn: ({ signal }) => body(getApiV1PodcastsByPodcastIdScripts({ path: path(id), signal })),
  });

/** A text file of an episode: its transcript, or one of its sources as it was read. */
export const textQuery = (address: string) =>
  queryOptions({
    queryKey: ["podcasts", "text", address],
    queryFn: async ({ signal }) => {
      const answer = await fetch(address, { signal });
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      return answer.text();
    },
    staleTime: Infinity,
    retry: false,
  });

/** Everything that is shown of podcasts. */
export const refreshPodcasts = (queries: QueryClient): Promise<void> =>
  queries.invalidateQueries({ queryKey: ["podcasts"] });

/** The episode as the server has it now goes where it is shown at once; the rest is read anew. */
function useChange<Wanted>(change: (wanted: Wanted) => Promise<Episode>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: (episode) => {
      queries.setQueryData(episodeQuery(episode.id).queryKey, episode);
      return refreshPodcasts(queries);
    },
  });
}

export const useCancelEpisode = () =>
  useChange((id: string) => body(postApiV1PodcastsByPodcastIdCancel({ path: path(id) })));
export const useContinueEpisode = () =>
  useChange(({ id, ...wanted }: ContinueIn & { id: string }) =>
    body(postApiV1PodcastsByPodcastIdContinue({ path: path(id), body: wanted })),
  );
export const useApproveEpisode = () =>
  useChange(({ id, version }: { id: string; version: number }) =>
    body(postApiV1PodcastsByPodcastIdApprove({ path: path(id), query: { version } })),
  );
export const useVoiceEpisode = (id: string) =>
  useChange((wanted: VoiceIn) => body(postApiV1PodcastsByPodcastIdVoice({ path: path(id), body: wanted })));
export const useSaveEpisode = (id: string) =>
  useChange((wanted: EpisodeUpdate) => body(putApiV1PodcastsByPodcastId({ path: path(id), body: wanted })));

export function useDeleteEpisode() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: string) => body(deleteApiV1PodcastsByPodcastId({ path: path(id) })),
    onSuccess: ({ id }) => {
      queries.removeQueries({ queryKey: episodeQuery(id).queryKey });
      return queries.invalidateQueries({ queryKey: ["podcasts", "list"] });
    },
  });
}

export function useSaveScript(id: string) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (script: ScriptIn) =>
      body(putApiV1PodcastsByPodcastIdScript({ path: path(id), body: script })),
    onSuccess: (script) => {
      queries.setQueryData(scriptQuery(id).queryKey, script);
      return Promise.all(
        [scriptsQuery(id).queryKey, episodeQuery(id).queryKey].map((queryKey) =>
          queries.invalidateQueries({ queryKey }),
        ),
      );
    },
  });
}

function useMake<Wanted>(make: (wanted: Wanted) => Promise<Created>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: make,
    onSuccess: () => queries.invalidateQueries({ queryKey: ["podcasts", "list"] }),
  });
}

export const useTranslateEpisode = (id: string) =>
  useMake((wanted: TranslateIn) =>
    body(postApiV1PodcastsByPodcastIdTranslate({ path: path(id), body: wanted })),
  );

export interface NewEpisode {
  wishes: EpisodeCreate;
  files: readonly File[];
  /** Told how much of the files has gone out, from 0 to 1. */
  onProgress: (share: number) => void;
  signal: AbortSignal;
}

/** Begins an episode of whatever was given. */
export const useMakeEpisode = () =>
  useMake(({ wishes, files, onProgress, signal }: NewEpisode) => {
    if (files.length === 0) return body(postApiV1Podcasts({ body: wishes }));
    const form = new FormData();
    form.append("podcast", JSON.stringify(wishes));
    for (const file of files) form.append("files", file);
    return uploadForm<Created>("/api/v1/podcasts/files", form, { onProgress, signal });
  });

const TOLD = [
  "status",
  "title",
  "step",
  "stepsDone",
  "stepsTotal",
  "errorCode",
  "errorMessage",
] as const satisfies readonly (keyof Episode)[];

/** Puts what is told of an episode into everything that is known of it. Says whether it must be read anew. */
export function mergeEpisode(queries: QueryClient, event: LiveEvent & { id: string }): boolean {
  const told = Object.fromEntries(
    TOLD.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]),
  ) as Partial<Episode>;
  let isNews = true;
  const merge = (old: Episode): Episode => {
    if (old.id !== event.id) return old;
    if (told.status === old.status) isNews = false;
    return { ...old, ...told };
  };
  queries.setQueryData<Episode>(episodeQuery(event.id).queryKey, (old) => old && merge(old));
  queries.setQueriesData<{ pages: Episode[][]; pageParams: unknown[] }>(
    { queryKey: ["podcasts", "list"] },
    (old) => old && { ...old, pages: old.pages.map((page) => page.map(merge)) },
  );
  return isNews;
}
