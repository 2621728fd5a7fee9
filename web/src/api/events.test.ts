// @vitest-environment jsdom
import { QueryClient } from "@tanstack/react-query";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { getAuthMe } from "@/client";
import { downloadQuery, downloadsQuery, type Download } from "./downloads";
import { ApiError } from "./errors";
import { follow, mergeCheck, mergeEvent } from "./events";
import { linkQuery, linksQuery, type Link } from "./links";
import { backOff, SILENCE_MS } from "./socket";

vi.mock(import("@/client"), async (original) => ({ ...(await original()), getAuthMe: vi.fn() }));

const download = (id: number, fields: Partial<Download> = {}): Download => ({
  id,
  url: `https://a.example/${id}`,
  site: "a.example",
  profile: "video",
  title: null,
  artist: null,
  status: "downloading",
  stage: "downloading",
  reason: null,
  error_message: null,
  hint: null,
  file_path: null,
  item_id: null,
  parent_id: null,
  thumbnail_url: null,
  downloaded_bytes: 1,
  total_bytes: 100,
  speed: null,
  eta: null,
  attempt: 1,
  next_attempt_at: null,
  created_at: "2026-01-01T00:00:00Z",
  started_at: null,
  completed_at: null,
  ...fields,
});

const listKey = downloadsQuery({}).queryKey;

function known(...downloads: Download[]): QueryClient {
  const queries = new QueryClient();
  queries.setQueryData(listKey, { downloads, total: downloads.length, page: 1, per_page: 20 });
  return queries;
}

test("a check is told in every place that shows its link, and touches nothing else of it", () => {
  const queries = new QueryClient();
  const link = { id: 7, name: "Kept", status: "idle", reason: "network", tags: ["kept"] } as unknown as Link;
  const other = { ...link, id: 8 };
  const list = linksQuery({}).queryKey;
  queries.setQueryData(list, { links: [link, other], total: 2 });
  queries.setQueryData(linkQuery(7).queryKey, link);
  mergeCheck(queries, { type: "check", id: 7, status: "checking", reason: null, seen: 12 });
  const told = { ...link, status: "checking", reason: null };
  expect(queries.getQueryData(list)?.links).toEqual([told, other]);
  expect(queries.getQueryData(list)?.links[1]).toBe(other);
  expect(queries.getQueryData(linkQuery(7).queryKey)).toEqual(told);
});

describe("mergeEvent", () => {
  test("moves the progress in every place, and leaves the rest alone", () => {
    const queries = known(download(1), download(2));
    queries.setQueryData(downloadQuery(1).queryKey, download(1, { title: "Kept" }));
    const untouched = queries.getQueryData(listKey)?.downloads[1];
    expect(mergeEvent(queries, { type: "download", id: 1, downloaded_bytes: 50, speed: 10 })).toBe(false);
    expect(queries.getQueryData(listKey)?.downloads[0]).toMatchObject({ downloaded_bytes: 50, speed: 10 });
    expect(queries.getQueryData(listKey)?.downloads[1]).toBe(untouched);
    expect(queries.getQueryData(downloadQuery(1).queryKey)).toMatchObject({
      title: "Kept",
      downloaded_bytes: 50,
    });
  });

  test("asks for new lists when a state changes, or when the download is a stranger", () => {
    const queries = known(download(1));
    expect(mergeEvent(queries, { type: "download", id: 1, status: "completed" })).toBe(true);
    expect(queries.getQueryData(listKey)?.downloads[0]?.status).toBe("completed");
    expect(mergeEvent(queries, { type: "download", id: 7, status: "downloading" })).toBe(true);
  });

  test("ignores events about other things", () => {
    const queries = known(download(1));
    expect(mergeEvent(queries, { type: "check", id: 1, status: "failed" })).toBe(false);
    expect(queries.getQueryData(listKey)?.downloads[0]?.status).toBe("downloading");
  });
});

test("backOff doubles, with jitter, up to half a minute", () => {
  expect(backOff(0, () => 1)).toBe(500);
  expect(backOff(3, () => 1)).toBe(4000);
  expect(backOff(50, () => 1)).toBe(30_000);
  expect(backOff(50, () => 0)).toBe(15_000);
});

class FakeSocket {
  static all: FakeSocket[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: unknown }) => void) | null = null;
  onclose: ((close: { code: number }) => void) | null = null;
  closed = false;

  constructor(readonly address: string) {
    FakeSocket.all.push(this);
  }

  close() {
    this.closed = true;
    this.onclose?.({ code: 1000 });
  }
}

describe("follow", () => {
  beforeEach(() => {
    FakeSocket.all = [];
    vi.useFakeTimers();
    vi.stubGlobal("WebSocket", FakeSocket);
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  const start = (queries: QueryClient) => {
    const onConnected = vi.fn();
    const onEnded = vi.fn();
    return { onConnected, onEnded, stop: follow({ queries, onConnected, onEnded }) };
  };

  test("merges what it hears and shrugs at nonsense", () => {
    const queries = known(download(1));
    const { stop } = start(queries);
    const socket = FakeSocket.all[0];
    expect(socket?.address).toBe("ws://localhost:3000/api/v1/events");
    socket?.onopen?.();
    for (const data of ["{", "null", '{"type":"hello"}', '{"type":1,"id":2}', new Blob()])
      socket?.onmessage?.({ data });
    socket?.onmessage?.({ data: JSON.stringify({ type: "download", id: 1, downloaded_bytes: 99 }) });
    expect(queries.getQueryData(listKey)?.downloads[0]?.downloaded_bytes).toBe(99);
    stop();
    expect(socket?.closed).toBe(true);
  });

  test("comes back after a lost connection and then reads everything anew", () => {
    const queries = known(download(1));
    const { onConnected, stop } = start(queries);
    FakeSocket.all[0]?.onopen?.();
    const anew = vi.spyOn(queries, "invalidateQueries");
    FakeSocket.all[0]?.onclose?.({ code: 1006 });
    expect(onConnected).toHaveBeenLastCalledWith(false);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    expect(anew).not.toHaveBeenCalled();
    FakeSocket.all[1]?.onopen?.();
    expect(anew).toHaveBeenCalledOnce();
    expect(onConnected).toHaveBeenLastCalledWith(true);
    stop();
    vi.advanceTimersByTime(60_000);
    expect(FakeSocket.all).toHaveLength(2);
  });

  test("gives up a connection that has gone silent, and makes a new one", () => {
    const { onConnected, stop } = start(known());
    FakeSocket.all[0]?.onopen?.();
    vi.advanceTimersByTime(SILENCE_MS - 1000);
    FakeSocket.all[0]?.onmessage?.({ data: '{"type":"pulse"}' });
    vi.advanceTimersByTime(SILENCE_MS - 1000);
    expect(onConnected).toHaveBeenLastCalledWith(true);
    vi.advanceTimersByTime(1000);
    expect(onConnected).toHaveBeenLastCalledWith(false);
    expect(FakeSocket.all[0]?.closed).toBe(true);
    vi.advanceTimersByTime(500);
    expect(FakeSocket.all).toHaveLength(2);
    stop();
  });

  test("tries at once when the page comes into sight again", () => {
    const { stop } = start(known());
    FakeSocket.all[0]?.onopen?.();
    FakeSocket.all[0]?.onclose?.({ code: 1006 });
    document.dispatchEvent(new Event("visibilitychange"));
    expect(FakeSocket.all).toHaveLength(2);
    stop();
  });

  test.each([
    [401, 1],
    [503, 0],
  ])(
    "after a refused handshake, and %i to the question who asks, the session is over %i times",
    async (status, times) => {
      vi.mocked(getAuthMe).mockRejectedValueOnce(new ApiError(status, []));
      const { onEnded, stop } = start(known());
      FakeSocket.all[0]?.onclose?.({ code: 1006 });
      await vi.advanceTimersByTimeAsync(0);
      expect(onEnded).toHaveBeenCalledTimes(times);
      await vi.advanceTimersByTimeAsync(500);
      expect(FakeSocket.all).toHaveLength(2 - times);
      stop();
    },
  );

  test("does not knock again once the session is over", () => {
    const { onEnded, stop } = start(known());
    FakeSocket.all[0]?.onclose?.({ code: 4401 });
    vi.advanceTimersByTime(60_000);
    expect(onEnded).toHaveBeenCalledOnce();
    expect(FakeSocket.all).toHaveLength(1);
    stop();
  });

  test("reads the lists once for many changes", () => {
    const queries = known(download(1), download(2));
    const { stop } = start(queries);
    const anew = vi.spyOn(queries, "invalidateQueries");
    for (const id of [1, 2]) {
      FakeSocket.all[0]?.onmessage?.({ data: JSON.stringify({ type: "download", id, status: "completed" }) });
    }
    vi.advanceTimersByTime(400);
    expect(anew.mock.calls.filter(([filter]) => filter?.queryKey?.[0] === "downloads")).toHaveLength(1);
    stop();
  });
});
