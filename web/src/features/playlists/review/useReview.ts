import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useMemo, useRef, useState } from "react";
import { changeMatches, reviewQuery, sendDecision, type Match, type MatchFilter } from "@/api/review";
import { useToasts } from "@/components/Toasts";
import { asSent, decided, takingBack, type Word } from "./decisions";

const NO_PAGES: never[] = [];
/** So many steps can be taken back. */
const MOST_STEPS = 200;

/** A task's songs, and a person's words on them: each shows at once, is sent, and can be taken back. */
export function useReview(task: number, filter: MatchFilter) {
  const queries = useQueryClient();
  const { complain } = useToasts();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, isPlaceholderData, fetchNextPage } =
    useInfiniteQuery(reviewQuery(task, filter));
  const pages = data?.pages ?? NO_PAGES;
  const matches = useMemo(() => pages.flatMap((page) => page.matches), [pages]);
  const [steps, setSteps] = useState<readonly Match[]>([]);
  // One after the other, so that the last word on a song is the last that the server hears.
  const line = useRef(Promise.resolve());
  const server = filter.server;

  const put = useCallback(
    (before: Match, word: Word, after: Match) => {
      const song = before.song.song_id;
      // The same song at several places has one verdict.
      const show = (shown: Match) =>
        changeMatches(queries, task, server, (match) =>
          match.song.song_id === song ? { ...shown, song: match.song } : match,
        );
      show(after);
      line.current = line.current.then(async () => {
        try {
          await sendDecision(task, asSent(song, word, server));
          await queries.invalidateQueries({ queryKey: ["matches", task] });
        } catch (failure) {
          show(before);
          setSteps((all) => all.filter((step) => step !== before));
          complain(failure);
        }
      });
    },
    [queries, task, server, complain],
  );

  const speak = useCallback(
    (match: Match, word: Word) => {
      setSteps((all) => [...all.slice(1 - MOST_STEPS), match]);
      put(match, word, decided(match, word));
    },
    [put],
  );
  const last = steps.at(-1);
  const undo = useCallback((): Match | null => {
    if (last === undefined) return null;
    setSteps((all) => all.slice(0, -1));
    put(last, takingBack(last), last);
    return last;
  }, [last, put]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);

  return {
    matches,
    counts: data?.pages[0]?.counts,
    /** How many there are with this verdict. They are counted without the words that are searched for. */
    total: filter.q ? undefined : data?.pages[0]?.counts[filter.verdict ?? "total"],
    isThere: data !== undefined,
    /** The list of another filter is shown until this one's is there. */
    isOld: isPlaceholderData,
    isComing: isFetchingNextPage,
    error,
    again: () => void (data ? fetchNextPage() : refetch()),
    reread: () => void refetch(),
    more,
    speak,
    undo,
    canUndo: last !== undefined,
  };
}
