import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import {
  getApiV1Music,
  getApiV1Providers,
  getApiV1Voices,
  postApiV1PodcastsEstimate,
  type EpisodeCreate,
  type SayIn,
} from "@/client";
import { toApiError } from "./errors";
import { body, csrfToken } from "./http";

/** All voices that can be used, by provider. */
export const voicesQuery = queryOptions({
  queryKey: ["voices"],
  queryFn: ({ signal }) => body(getApiV1Voices({ signal })),
  staleTime: 5 * 60_000,
});

/** Who writes, speaks and listens, and whether they answer: each is asked. */
export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: ({ signal }) => body(getApiV1Providers({ signal })),
  staleTime: 30_000,
});

/** Pieces of music on the server. */
export const musicQuery = queryOptions({
  queryKey: ["music"],
  queryFn: ({ signal }) => body(getApiV1Music({ signal })),
  staleTime: 60_000,
});

/** What an episode would take. Nothing is made; pages are read for it. */
export const estimateQuery = (wishes: EpisodeCreate) =>
  queryOptions({
    queryKey: ["estimate", wishes],
    queryFn: ({ signal }) => body(postApiV1PodcastsEstimate({ body: wishes, signal })),
    placeholderData: keepPreviousData,
    retry: false,
    refetchOnWindowFocus: false,
    staleTime: 60_000,
  });

/** A sound as it comes; rejects with `ApiError`. */
async function fetchSound(path: string, init: RequestInit): Promise<ArrayBuffer> {
  const answer = await fetch(path, init);
  if (answer.ok) return answer.arrayBuffer();
  throw toApiError(await answer.json().catch(() => null), answer.status);
}

export interface Preview {
  provider: string;
  voice: string;
  /** Of the sentence that it says; "" for the voice's own. */
  language: string;
}

/** A sentence in a voice. */
export function fetchPreview(
  { provider, voice, language }: Preview,
  signal: AbortSignal,
): Promise<ArrayBuffer> {
  const query = new URLSearchParams({
    voiceId: voice,
    ...(provider ? { provider } : {}),
    ...(language ? { language } : {}),
  });
  return fetchSound(`/api/v1/voices/preview?${query}`, { signal });
}

/** One turn as the episode would have it. */
export function fetchTurn(episode: string, turn: SayIn, signal: AbortSignal): Promise<ArrayBuffer> {
  return fetchSound(`/api/v1/podcasts/${episode}/say`, {
    method: "POST",
    headers: { "Content-Type": "application/json", "X-CSRF-Token": csrfToken() ?? "" },
    body: JSON.stringify(turn),
    signal,
  });
}
