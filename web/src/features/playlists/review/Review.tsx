import { Button } from "@mantine/core";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useCallback, useEffect, useEffectEvent, useState } from "react";
import type { Match, MatchFilter } from "@/api/review";
import { taskQuery } from "@/api/tasks";
import { IconCheck, IconKeyboard, IconRetry, IconUndo } from "@/components/icons";
import { LongList } from "@/components/LongList";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { nextOpen, proposed, type Word } from "./decisions";
import { Filters } from "./Filters";
import { Help } from "./Help";
import { actOf, isTaken, keysAreOn, switchKeys, type Act } from "./keys";
import styles from "./Review.module.css";
import { ReviewRow } from "./ReviewRow";
import { TrackSearch } from "./TrackSearch";
import { useReview } from "./useReview";

/** The row that is open, and whether the keyboard led there. */
interface Place {
  song: number;
  byKey: boolean;
}

/** What a playlist wants beside what the server has: by mouse, by touch, or by single keys. */
export function Review({ taskId }: { taskId: number }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { data: task } = useQuery(taskQuery(taskId));
  const queries = useQueryClient();
  const [filter, setFilter] = useState<MatchFilter>(() => {
    // Who has nothing to review wants to see the songs.
    const counts = queries.getQueryData(taskQuery(taskId).queryKey)?.counts;
    return { verdict: counts?.review === 0 ? undefined : "review" };
  });
  const review = useReview(taskId, filter);
  const { matches, speak, undo: takeBack } = review;
  const [place, setPlace] = useState<Place | null>(null);
  const [searched, setSearched] = useState<Match | null>(null);
  const [helping, setHelping] = useState(false);
  const [keys, setKeys] = useState(keysAreOn);

  const index = place === null ? -1 : matches.findIndex(({ song }) => song.id === place.song);
  const go = useCallback(
    (to: number) => {
      const match = matches[Math.max(0, Math.min(to, matches.length - 1))];
      if (match) setPlace({ song: match.song.id, byKey: true });
    },
    [matches],
  );
  const onSay = useCallback(
    (match: Match, word: Word) => {
      speak(match, word);
      if (word.choice !== "refuse" && word.choice !== "forget")
        go(
          nextOpen(
            matches,
            matches.findIndex((one) => one.song.id === match.song.id),
          ),
        );
    },
    [speak, go, matches],
  );
  const onLeave = useCallback(
    (match: Match) => go(matches.findIndex((one) => one.song.id === match.song.id) + 1),
    [go, matches],
  );
  const onOpen = useCallback(
    (song: number) => setPlace((old) => (old?.song === song ? null : { song, byKey: false })),
    [],
  );
  const undo = () => {
    const before = takeBack();
    if (before === null) return;
    setPlace({ song: before.song.id, byKey: true });
    tell(say("review.undone", { title: before.song.title }));
  };

  const perform = (wish: Act) => {
    const match = matches[index];
    if (wish.act === "help") return setHelping(true);
    if (wish.act === "undo") return undo();
    if (wish.act === "down") return go(index + 1);
    if (wish.act === "up") return go(index === -1 ? 0 : index - 1);
    if (match === undefined) return go(0);
    const track = wish.act === "pick" ? match.candidates[wish.number - 1] : proposed(match);
    if (wish.act === "search") setSearched(match);
    else if (wish.act === "never") onSay(match, { choice: "never" });
    else if (wish.act === "leave") onLeave(match);
    else if (track) onSay(match, { choice: wish.act === "refuse" ? "refuse" : "track", track });
  };
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (!keys || isTaken(event.target) || document.querySelector("dialog[open]")) return;
    const wish = actOf(event);
    if (wish === null) return;
    event.preventDefault();
    perform(wish);
  });
  useEffect(() => {
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, []);

  const servers = task?.targets ?? [];
  const server = filter.server ?? task?.server_id ?? null;
  return (
    <section className={styles["review"]} aria-label={say("review.title")}>
      <Filters filter={filter} counts={review.counts} servers={servers} onFilter={setFilter} />
      <div className={styles["tools"]}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconUndo size={16} aria-hidden />}
          disabled={!review.canUndo}
          onClick={undo}
        >
          {say("review.undo")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconKeyboard size={16} aria-hidden />}
          onClick={() => setHelping(true)}
        >
          {say("review.help")}
        </Button>
        <Fresh
          synced={task?.last_synced_at ?? null}
          ready={task !== undefined && review.isThere}
          onShow={review.reread}
        />
      </div>
      {!review.isThere && !review.error && <LoadingRows count={6} height={84} />}
      {review.isThere && matches.length === 0 && (
        <Nothing filter={filter} onAll={() => setFilter({ server: filter.server })} />
      )}
      {matches.length > 0 && (
        <LongList
          label={say("review.list")}
          entries={matches}
          keyOf={({ song }) => song.id}
          height={96}
          total={Math.max(review.total ?? 0, matches.length)}
          onNearEnd={review.more}
          active={place?.byKey ? index : undefined}
          className={review.isOld ? styles["old"] : undefined}
        >
          {(match) => (
            <div className={styles["row"]}>
              <ReviewRow
                match={match}
                open={match.song.id === place?.song}
                focused={place?.byKey === true && match.song.id === place.song}
                onOpen={onOpen}
                onSay={onSay}
                onLeave={onLeave}
                onSearch={setSearched}
              />
            </div>
          )}
        </LongList>
      )}
      {review.error && <ErrorNote error={review.error} onRetry={review.again} />}
      {review.isComing && <LoadingRows count={1} height={84} />}
      {searched && server !== null && (
        <TrackSearch
          match={searched}
          server={server}
          onClose={() => setSearched(null)}
          onPick={(track) => {
            setSearched(null);
            onSay(searched, { choice: "track", track });
          }}
        />
      )}
      {helping && (
        <Help
          keys={keys}
          onKeys={(on) => {
            switchKeys(on);
            setKeys(on);
          }}
          onClose={() => setHelping(false)}
        />
      )}
    </section>
  );
}

/** The playlist was synced since its songs were read: says so, and leaves it to the person when the list moves. */
function Fresh({ synced, ready, onShow }: { synced: string | null; ready: boolean; onShow: () => void }) {
  const { say } = useI18n();
  const [seen, setSeen] = useState<string | null | undefined>(undefined);
  if (ready && seen === undefined) setSeen(synced);
  if (seen === undefined || seen === synced) return null;
  return (
    <Button
      size="xs"
      variant="light"
      leftSection={<IconRetry size={16} aria-hidden />}
      onClick={() => {
        setSeen(synced);
        onShow();
      }}
    >
      {say("review.fresh")}
    </Button>
  );
}

function Nothing({ filter, onAll }: { filter: MatchFilter; onAll: () => void }) {
  const { say } = useI18n();
  const done = filter.verdict === "review" && !filter.q;
  return (
    <Empty
      icon={<IconCheck size={24} />}
      title={say(done ? "review.done" : "review.noneFound")}
      {...(done ? { note: say("review.doneNote") } : {})}
      action={
        (filter.verdict || filter.q) && (
          <Button variant="default" size="xs" onClick={onAll}>
            {say("review.showAll")}
          </Button>
        )
      }
    />
  );
}
