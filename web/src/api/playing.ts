import { queryOptions } from "@tanstack/react-query";
import {
  getApiV1ItemsByItemIdPlayback,
  getApiV1ItemsByItemIdPlaybackPlan,
  getApiV1ItemsByItemIdWaveform,
  putApiV1ItemsByItemIdPlayback,
  type PlaybackPlan,
  type Waveform,
} from "@/client";
import { body } from "./http";

export type { PlaybackPlan };

/** Which address to play, for what the browser `can`. */
export const planQuery = (id: number, can: string | null) =>
  queryOptions({
    queryKey: ["plan", id, can],
    queryFn: ({ signal }) =>
      body(
        getApiV1ItemsByItemIdPlaybackPlan({
          path: { item_id: id },
          query: can === null ? {} : { can },
          signal,
        }),
      ),
    staleTime: Infinity,
  });

/** Where one is in an item; asked anew each time, since it may have been played elsewhere. */
export const playbackQuery = (id: number) =>
  queryOptions({
    queryKey: ["playback", id],
    queryFn: ({ signal }) => body(getApiV1ItemsByItemIdPlayback({ path: { item_id: id }, signal })),
    staleTime: 0,
    gcTime: 0,
  });

/** Says where one is. `leaving`: the browser sends it even when the page is gone. */
export const savePlayback = (id: number, position: number, { finished = false, leaving = false } = {}) =>
  body(
    putApiV1ItemsByItemIdPlayback({
      path: { item_id: id },
      body: finished ? { position, is_finished: true } : { position },
      keepalive: leaving,
    }),
  );

/** The loudness over time; null while it is still being made. */
export const waveformQuery = (id: number) =>
  queryOptions({
    queryKey: ["waveform", id],
    queryFn: async ({ signal }) => {
      const made = await body(getApiV1ItemsByItemIdWaveform({ path: { item_id: id }, signal }));
      return "data" in made ? (made satisfies Waveform) : null;
    },
    refetchInterval: ({ state }) => (state.data === null && state.dataUpdateCount < 30 ? 2000 : false),
    staleTime: Infinity,
  });
