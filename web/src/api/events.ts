import type { InfiniteData, QueryClient } from "@tanstack/react-query";
import { downloadQuery, refreshLists, type Download, type DownloadPage } from "./downloads";
import { linkQuery, refreshLinks, type Link, type LinkList } from "./links";
import { mergeSession, refreshSessions } from "./missing";
import { mergeEpisode, refreshPodcasts } from "./podcasts";
import { mergeScan, refreshAfterScan } from "./scans";
import { keepOpen, type LiveEvent } from "./socket";
import { mergeTask, refreshTasks } from "./tasks";
import { mergeTranscript } from "./transcripts";

type Event = Partial<Download> & { type: string; id: number };

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

const TOLD_OF_LINKS = [
  "status",
  "name",
  "reason",
  "error_message",
  "last_checked_at",
  "next_check_at",
] as const satisfies readonly (keyof Link)[];

/** Puts what is told of a link's check into everything that is known of the link. */
export function mergeCheck(queries: QueryClient, event: LiveEvent & { id: number }): void {
  const told = Object.fromEntries(
    TOLD_OF_LINKS.filter((name) => event[name] !== undefined).map((name) => [name, event[name]]),
  ) as Partial<Link>;
  const merge = (old: Link): Link => (old.id === event.id ? { ...old, ...told } : old);
  queries.setQueryData<Link>(linkQuery(event.id).queryKey, (old) => old && merge(old));
  queries.setQueriesData<LinkList>({ queryKey: ["links", "list"] }, (old) =>
    old?.links.some(({ id }) => id === event.id) ? { ...old, links: old.links.map(merge) } : old,
  );
}

function isNumbered(event: LiveEvent): event is LiveEvent & { id: number } {
  return typeof event["id"] === "number";
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
  const lists = gather(() => {
    void refreshLists(queries);
    void queries.invalidateQueries({ queryKey: ["items"], predicate: isCheapToRead });
    followed.call();
  }, 400);
  // Counts, verdicts and checks change with every download that a link began: often enough once in a while.
  const followed = gather(() => {
    void refreshLinks(queries);
    for (const name of ["entries", "history"])
      void queries.invalidateQueries({ queryKey: [name], predicate: isCheapToRead });
  }, 1000);
  const changedTasks = new Map<number, string>();
  const tasks = gather(() => {
    for (const [id, status] of changedTasks) void refreshTasks(queries, { id, status });
    changedTasks.clear();
  }, 700);
  const songs = gather(() => void refreshSessions(queries), 1000);
  const episodes = gather(() => void refreshPodcasts(queries), 500);
  const close = keepOpen({
    path: "/api/v1/events",
    onOpen: (again) => {
      onConnected(true);
      if (again) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[0] !== "inspect" });
    },
    onEvent: (event) => {
      if (event.type === "site") void queries.invalidateQueries({ queryKey: ["sites"] });
      if (event.type === "episode" && typeof event["id"] === "string") {
        if (mergeEpisode(queries, { ...event, id: event["id"] })) episodes.call();
      }
      if (!isNumbered(event)) return;
      if (event.type === "check") {
        mergeCheck(queries, event);
        followed.call();
      } else if (event.type === "task") {
        mergeTask(queries, event);
        changedTasks.set(event.id, String(event["status"]));
        tasks.call();
      } else if (event.type === "song_session") {
        mergeSession(queries, event);
        songs.call();
      } else if (event.type === "scan") {
        if (mergeScan(queries, event)) void refreshAfterScan(queries);
      } else if (event.type === "transcript") {
        mergeTranscript(queries, event);
      } else if (mergeEvent(queries, event)) lists.call();
    },
    onLost: () => onConnected(false),
    onEnded,
  });
  return () => {
    lists.stop();
    followed.stop();
    tasks.stop();
    songs.stop();
    episodes.stop();
    close();
  };
}

/** A wall that was scrolled far is not read again page after page for one new picture. */
function isCheapToRead({ state }: { state: { data: unknown } }): boolean {
  const pages = (state.data as InfiniteData<unknown> | undefined)?.pages;
  return pages === undefined || pages.length <= 2;
}
