import {
  infiniteQueryOptions,
  keepPreviousData,
  useQuery,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState } from "react";
import { getApiV1Logs, type LogOut as LogLine } from "@/client";
import { gather } from "./events";
import { body, signedOut } from "./http";
import { keepOpen, type LiveEvent } from "./socket";

export type { LogLine };
export type Level = LogLine["level"];
export const LEVELS: readonly Level[] = ["debug", "info", "warning", "error", "critical"];

const PAGE = 100;
/** What a tail that runs for hours keeps on the screen. */
const TAIL_KEEPS = 1000;
/** How often the newest lines are asked for while there is no live connection. */
const ASK_EVERY_MS = 2000;
/** Lines that come close together are shown together. */
const GATHER_MS = 200;

export interface LogFilter {
  /** This level and graver ones. */
  level?: Level | undefined;
  q?: string | undefined;
  download?: number | undefined;
}

function read({ level, q, download }: LogFilter, before: number | null, signal: AbortSignal) {
  return body(
    getApiV1Logs({
      query: {
        limit: PAGE,
        ...(level ? { level } : {}),
        ...(q ? { q } : {}),
        ...(download ? { download_id: download } : {}),
        ...(before ? { before_id: before } : {}),
      },
      signal,
    }),
  );
}

/** The lines of all hosts, newest first, page after page. */
export const logsQuery = (filter: LogFilter) =>
  infiniteQueryOptions({
    queryKey: ["logs", "lines", filter],
    queryFn: ({ pageParam, signal }) => read(filter, pageParam, signal),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < PAGE ? null : (last.at(-1)?.id ?? null)),
    placeholderData: keepPreviousData,
  });

type Lines = InfiniteData<LogLine[], number | null>;

/** Adds lines to the first page, each once. Lines of several hosts may be told a little out of order. */
export function withTold(known: Lines, told: LogLine[]): Lines {
  const [first = [], ...rest] = known.pages;
  const ids = new Set(first.map(({ id }) => id));
  const oldest = first.at(-1)?.id ?? 0;
  const fresh = told.filter(({ id }) => id > oldest && !ids.has(id));
  if (fresh.length === 0) return known;
  const page = [...fresh, ...first].sort((one, other) => other.id - one.id);
  if (page.length <= TAIL_KEEPS) return { ...known, pages: [page, ...rest] };
  return { pages: [page.slice(0, TAIL_KEEPS)], pageParams: [null] };
}

/** Adds the newest page. Where lines in between were missed, only the newer ones stay. */
export function withNewer(known: Lines, newest: LogLine[]): Lines {
  const latest = known.pages[0]?.[0]?.id ?? 0;
  const isGap = newest.length === PAGE && newest.every(({ id }) => id > latest);
  return isGap ? { pages: [newest], pageParams: [null] } : withTold(known, newest);
}

/** Whether the filter lets a line pass, as the server would judge. */
export function passes(line: LogLine, { level, q, download }: LogFilter): boolean {
  if (level && LEVELS.indexOf(line.level) < LEVELS.indexOf(level)) return false;
  if (download && line.download_id !== download) return false;
  const text = `${line.message}\n${JSON.stringify(line.fields)}`.toLowerCase();
  return (q ?? "")
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What is too long for an event comes without some of its fields: then the line has to be fetched. */
function isWhole(event: LiveEvent): event is LiveEvent & LogLine {
  return typeof event["message"] === "string" && typeof event["fields"] === "object";
}

/** Keeps the lines of a filter up to date for as long as `live`: told by the server, or asked for while it cannot tell. */
export function useTail(filter: LogFilter, live: boolean) {
  const queries = useQueryClient();
  const [told, setTold] = useState(false);
  const change = (how: (known: Lines) => Lines) =>
    queries.setQueryData<Lines>(logsQuery(filter).queryKey, (known) => known && how(known));

  const { refetch } = useQuery({
    queryKey: ["logs", "tail", filter],
    queryFn: async ({ signal }) => {
      const newest = await read(filter, null, signal);
      change((known) => withNewer(known, newest));
      return newest[0]?.id ?? 0;
    },
    enabled: live && !told,
    refetchInterval: ASK_EVERY_MS,
    gcTime: 0,
  });
  const catchUp = useEffectEvent(() => void refetch());
  const add = useEffectEvent((lines: LogLine[]) => {
    const passing = lines.filter((line) => passes(line, filter));
    if (passing.length > 0) change((known) => withTold(known, passing));
  });

  useEffect(() => {
    if (!live) return;
    let waiting: LogLine[] = [];
    const showing = gather(() => {
      const lines = waiting;
      waiting = [];
      add(lines);
    }, GATHER_MS);
    const hear = (event: LiveEvent) => {
      if (event.type === "hello") {
        // From here on nothing is missed; what came before is read once.
        setTold(true);
        catchUp();
      } else if (event.type === "log" && !isWhole(event)) catchUp();
      else if (event.type === "log" && isWhole(event)) {
        waiting.push(event);
        showing.call();
      }
    };
    const close = keepOpen({
      path: "/api/v1/events?logs=1",
      onEvent: hear,
      onLost: () => setTold(false),
      onEnded: signedOut,
    });
    return () => {
      close();
      showing.stop();
      setTold(false);
    };
  }, [live]);
}
