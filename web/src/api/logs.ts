import {
  infiniteQueryOptions,
  keepPreviousData,
  useQuery,
  useQueryClient,
  type InfiniteData,
} from "@tanstack/react-query";
import { getApiV1Logs, type LogOut as LogLine } from "@/client";
import { body } from "./http";

export type { LogLine };
export type Level = LogLine["level"];
export const LEVELS: readonly Level[] = ["debug", "info", "warning", "error", "critical"];

const PAGE = 100;
/** What a tail that runs for hours keeps on the screen. */
const TAIL_KEEPS = 1000;
const TAIL_EVERY_MS = 2000;

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

/** Puts newer lines before those that are known. Where lines in between were missed, only the newer ones stay. */
export function withNewer(known: Lines, newest: LogLine[]): Lines {
  const latest = known.pages[0]?.[0]?.id ?? 0;
  const newer = newest.filter(({ id }) => id > latest);
  if (newer.length === 0) return known;
  const [first = [], ...rest] = known.pages;
  if (newer.length === PAGE) return { pages: [newer], pageParams: [null] };
  if (newer.length + first.length <= TAIL_KEEPS) return { ...known, pages: [[...newer, ...first], ...rest] };
  return { pages: [[...newer, ...first].slice(0, TAIL_KEEPS)], pageParams: [null] };
}

/** Keeps the lines of a filter up to date for as long as `live`. */
export function useTail(filter: LogFilter, live: boolean) {
  const queries = useQueryClient();
  useQuery({
    queryKey: ["logs", "tail", filter],
    queryFn: async ({ signal }) => {
      const newest = await read(filter, null, signal);
      queries.setQueryData<Lines>(logsQuery(filter).queryKey, (known) => known && withNewer(known, newest));
      return newest[0]?.id ?? 0;
    },
    enabled: live,
    refetchInterval: TAIL_EVERY_MS,
    gcTime: 0,
  });
}
