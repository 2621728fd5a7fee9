import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, test } from "vitest";
import { itemQuery } from "./items";
import { isBeingMade, mergeTranscript, transcriptsQuery, type Transcript } from "./transcripts";

const transcript: Transcript = {
  id: 3,
  item_id: 7,
  status: "running",
  language: null,
  provider: "whisper-asr",
  progress: 0.1,
  error_code: null,
  error_message: null,
  file_id: null,
  created_at: "2026-01-01T12:00:00Z",
  next_attempt_at: null,
  completed_at: null,
};

describe("what is told of a transcript", () => {
  let queries: QueryClient;
  const { queryKey } = transcriptsQuery(7);
  const item = itemQuery(7).queryKey;
  const known = () => queries.getQueryData(queryKey)?.transcripts[0];
  const isStale = (key: readonly unknown[]) => queries.getQueryState(key)?.isInvalidated;
  const tell = (told: object) => {
    mergeTranscript(queries, { type: "transcript", id: 3, item_id: 7, ...told });
  };

  beforeEach(() => {
    queries = new QueryClient();
    queries.setQueryData(queryKey, { transcripts: [transcript], provider: "whisper-asr" });
    queries.setQueryData(item, {} as never);
  });

  test("is shown at once while it goes on, and nothing is asked for", () => {
    tell({ status: "running", progress: 0.6, language: null, error_code: null });
    expect(known()).toEqual({ ...transcript, progress: 0.6 });
    expect(isStale(queryKey)).toBe(false);
  });

  test("has the list read anew when it ends, and the item for its subtitles", () => {
    tell({ status: "completed", progress: 1, language: "en", error_code: null });
    expect(known()).toMatchObject({ status: "completed", language: "en" });
    expect(isStale(queryKey)).toBe(true);
    expect(isStale(item)).toBe(true);
  });

  test("of one that nobody knew has the list read anew, and leaves what is shown", () => {
    tell({ id: 4, status: "pending" });
    expect(known()).toEqual(transcript);
    expect(isStale(queryKey)).toBe(true);
    expect(isStale(item)).toBe(false);
  });
});

test("one that waits or runs is being made", () => {
  const statuses = ["pending", "running", "completed", "failed", "cancelled"] as const;
  expect(statuses.filter((status) => isBeingMade({ ...transcript, status }))).toEqual(["pending", "running"]);
});
