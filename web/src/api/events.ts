import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { downloadQuery, refreshLists, type Download, type DownloadPage } from "./downloads";

/** The code with which the server closes the socket of an ended session. */
const SESSION_ENDED = 4401;

type Event = Partial<Download> & { type: string; id: number };

/** How long to wait before the nth new attempt to connect, in milliseconds: doubled, bounded, with jitter. */
export function backOff(attempt: number, random: () => number = Math.random): number {
  const full = Math.min(30_000, 500 * 2 ** attempt);
  return full / 2 + (full / 2) * random();
}

/** Puts what an event says into everything that is known of its download. Says whether lists must be read anew. */
export function mergeEvent(queries: QueryClient, event: Event): boolean {
  if (event.type !== "download") return false;
  const fields: Partial<Event> & { id: number } = { ...event };
  delete fields.type;
  let known = false;
  let moved = false;
  const merge = (old: Download): Download => {
    if (old.id !== fields.id) return old;
    known = true;
    if (fields.status !== undefined && fields.status !== old.status) moved = true;
    return { ...old, ...fields };
  };
  queries.setQueryData<Download>(downloadQuery(fields.id).queryKey, (old) => old && merge(old));
  queries.setQueriesData<DownloadPage>({ queryKey: ["downloads", "list"] }, (old) => {
    if (!old) return old;
    const downloads = old.downloads.map(merge);
    return downloads.some((download, index) => download !== old.downloads[index])
      ? { ...old, downloads }
      : old;
  });
  return moved || !known;
}

function isEvent(value: unknown): value is Event {
  if (typeof value !== "object" || value === null) return false;
  const { type, id } = value as Record<string, unknown>;
  return typeof type === "string" && typeof id === "number";
}

/** Collects calls that come close together into one, at most one every `interval` milliseconds. */
export function gather(run: () => void, interval: number): { call: () => void; stop: () => void } {
  let timer: ReturnType<typeof setTimeout> | null = null;
  return {
    call: () => {
      timer ??= setTimeout(() => {
        timer = null;
        run();
      }, interval);
    },
    stop: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
}

export interface LiveOptions {
  queries: QueryClient;
  onConnected: (connected: boolean) => void;
  /** The server says that the session is over. */
  onEnded: () => void;
}

/**
 * Keeps the cache as the server says, over `WS /api/v1/events`, until the returned function is called.
 * After a lost connection it comes back by itself and reads everything anew, since events were missed.
 */
export function follow({ queries, onConnected, onEnded }: LiveOptions): () => void {
  let socket: WebSocket | null = null;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let attempt = 0;
  let missedSome = false;
  let stopped = false;

  const lists = gather(() => {
    void refreshLists(queries);
    void queries.invalidateQueries({ queryKey: ["items"], predicate: isCheapToRead });
  }, 400);

  const connect = () => {
    timer = null;
    socket = new WebSocket(`${location.origin.replace(/^http/, "ws")}/api/v1/events`);
    socket.onopen = () => {
      attempt = 0;
      onConnected(true);
      if (missedSome)
        void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "inspect" });
      missedSome = false;
    };
    socket.onmessage = ({ data }) => {
      const event: unknown = typeof data === "string" ? parse(data) : null;
      if (isEvent(event) && mergeEvent(queries, event)) lists.call();
    };
    socket.onclose = ({ code }) => {
      if (stopped) return;
      if (code === SESSION_ENDED) return onEnded();
      missedSome = true;
      onConnected(false);
      timer = setTimeout(connect, backOff(attempt));
      attempt += 1;
    };
  };

  const hurry = () => {
    if (timer === null) return;
    clearTimeout(timer);
    connect();
  };

  connect();
  addEventListener("online", hurry);
  return () => {
    stopped = true;
    removeEventListener("online", hurry);
    lists.stop();
    if (timer !== null) clearTimeout(timer);
    socket?.close();
  };
}

/** A wall that was scrolled far is not read again page after page for one new picture. */
function isCheapToRead({ state }: { state: { data: unknown } }): boolean {
  const pages = (state.data as InfiniteData<unknown> | undefined)?.pages;
  return pages === undefined || pages.length <= 2;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
