import {
  infiniteQueryOptions,
  keepPreviousData,
  queryOptions,
  type InfiniteData,
  type QueryClient,
} from "@tanstack/react-query";
import {
  getApiV1ServersByServerIdTracks,
  getApiV1TasksByTaskIdMatches,
  putApiV1TasksByTaskIdMatches,
  type DecisionIn,
  type FoundTrack as Candidate,
  type MatchOut as Match,
  type MatchPage,
} from "@/client";
import { body } from "./http";

export type { Candidate, DecisionIn as Decision, Match, MatchPage };
export type MatchVerdict = Match["verdict"];

export interface MatchFilter {
  verdict?: MatchVerdict | undefined;
  q?: string | undefined;
  /** One of the task's servers; left out: its first. */
  server?: number | undefined;
}

const PER_PAGE = 200;

/**
 * A playlist's songs with what a server has for them, to be decided. Apart from the list that is read anew after each
 * sync: one that moves under somebody who decides is worse than one that is a minute old.
 */
export const reviewQuery = (task: number, { verdict, q, server }: MatchFilter) =>
  infiniteQueryOptions({
    queryKey: ["review", task, { verdict, q, server }],
    queryFn: ({ pageParam, signal }): Promise<MatchPage> =>
      body(
        getApiV1TasksByTaskIdMatches({
          path: { task_id: task },
          query: {
            limit: PER_PAGE,
            ...(verdict ? { verdict: [verdict] } : {}),
            ...(q ? { q } : {}),
            ...(server === undefined ? {} : { server_id: server }),
            ...(pageParam ? { cursor: pageParam } : {}),
          },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

/** What is known of a server's music, for picking a song by hand. */
export const tracksQuery = (server: number, words: string) =>
  queryOptions({
    queryKey: ["servers", server, "tracks", words],
    queryFn: ({ signal }): Promise<Candidate[]> =>
      body(
        getApiV1ServersByServerIdTracks({
          path: { server_id: server },
          query: { q: words, limit: 30 },
          signal,
        }),
      ).then((tracks) => tracks.map((track) => ({ ...track, score: null, reasons: [] }))),
    placeholderData: keepPreviousData,
    enabled: words !== "",
  });

export const sendDecision = (task: number, decision: DecisionIn) =>
  body(putApiV1TasksByTaskIdMatches({ path: { task_id: task }, body: decision }));

/** Changes rows in every list of a task's songs, and with them the counts above the lists. */
export function changeMatches(
  queries: QueryClient,
  task: number,
  server: number | undefined,
  change: (match: Match) => Match,
): void {
  queries.setQueriesData<InfiniteData<MatchPage>>(
    {
      queryKey: ["review", task],
      predicate: ({ queryKey }) => (queryKey[2] as MatchFilter).server === server,
    },
    (data) => data && changed(data, change),
  );
}

/** The same pages with some rows changed. What has not changed stays the same object, and is not drawn again. */
export function changed(
  data: InfiniteData<MatchPage>,
  change: (match: Match) => Match,
): InfiniteData<MatchPage> {
  const moved: [from: MatchVerdict, to: MatchVerdict][] = [];
  const pages = data.pages.map((page) => {
    const matches = page.matches.map((match) => {
      const next = change(match);
      if (next.verdict !== match.verdict) moved.push([match.verdict, next.verdict]);
      return next;
    });
    return matches.every((match, index) => match === page.matches[index]) ? page : { ...page, matches };
  });
  const [first, ...rest] = pages;
  if (first === undefined || moved.length === 0) return { ...data, pages };
  const counts = { ...first.counts };
  for (const [from, to] of moved) {
    counts[from] = Math.max(0, (counts[from] ?? 0) - 1);
    counts[to] = (counts[to] ?? 0) + 1;
  }
  return { ...data, pages: [{ ...first, counts }, ...rest] };
}
