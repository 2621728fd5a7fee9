import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  deleteApiV1ItemsByItemIdTranscriptsByTranscriptId,
  getApiV1ItemsByItemIdTranscripts,
  postApiV1ItemsByItemIdTranscripts,
  type TranscriptList,
  type TranscriptOut as Transcript,
} from "@/client";
import { body } from "./http";
import { itemQuery } from "./items";
import type { LiveEvent } from "./socket";

export type { Transcript };

export const transcriptsQuery = (item: number) =>
  queryOptions({
    queryKey: ["transcripts", item],
    queryFn: ({ signal }) => body(getApiV1ItemsByItemIdTranscripts({ path: { item_id: item }, signal })),
  });

export const isBeingMade = ({ status }: Transcript) => status === "pending" || status === "running";

const TOLD = [
  "status",
  "progress",
  "language",
  "error_code",
] as const satisfies readonly (keyof Transcript)[];

/** Puts what is told of a transcript into the list of its item; reads both anew where more has changed than is told. */
export function mergeTranscript(queries: QueryClient, event: LiveEvent & { id: number }): void {
  const item = Number(event["item_id"]);
  const { queryKey } = transcriptsQuery(item);
  const told = Object.fromEntries(
    TOLD.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]),
  ) as Partial<Transcript>;
  let moved = true;
  queries.setQueryData<TranscriptList>(
    queryKey,
    (old) =>
      old && {
        ...old,
        transcripts: old.transcripts.map((one) => {
          if (one.id !== event.id) return one;
          moved = told.status !== one.status;
          return { ...one, ...told };
        }),
      },
  );
  if (moved) refresh(queries, item, told.status === "completed");
}

function refresh(queries: QueryClient, item: number, hasFile: boolean) {
  void queries.invalidateQueries({ queryKey: transcriptsQuery(item).queryKey });
  if (hasFile) void queries.invalidateQueries({ queryKey: itemQuery(item).queryKey });
}

export function useBeginTranscript(item: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: () => body(postApiV1ItemsByItemIdTranscripts({ path: { item_id: item }, body: {} })),
    onSettled: () => refresh(queries, item, false),
  });
}

/** Stops one that is being made; deletes one that is done, with its subtitles. */
export function useRemoveTranscript(item: number) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) =>
      body(deleteApiV1ItemsByItemIdTranscriptsByTranscriptId({ path: { item_id: item, transcript_id: id } })),
    onSettled: () => refresh(queries, item, true),
  });
}
