import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import {
  taskSessionsQuery,
  unmatchedQuery,
  useFetchMissing,
  useFetchSong,
  type SongOrder,
  type Unmatched,
} from "@/api/missing";
import type { MatchVerdict } from "@/api/review";
import { exportAddress, FORMATS, type Format } from "@/api/tasks";
import { ChoiceField } from "@/components/ChoiceField";
import { IconCheck, IconDownload, IconFile, IconSearch } from "@/components/icons";
import { LongList } from "@/components/LongList";
import { Rows } from "@/components/Rows";
import { SearchField } from "@/components/SearchField";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { useReasonWords } from "../review/reasons";
import { Side } from "../review/Side";
import { VerdictMark } from "../review/VerdictMark";
import styles from "./Missing.module.css";
import { OrderMark, useOrderFault } from "./OrderMark";
import { isActive, newestOrders, withWords } from "./orders";
import { PickDialog } from "./PickDialog";
import { SessionRow } from "./SessionRow";

const NOTHING: never[] = [];
const UNMATCHED: readonly MatchVerdict[] = ["missing", "review", "waiting"];

/** What the server does not have of a playlist: to be listed, exported, and fetched. */
export function Missing({ taskId }: { taskId: number }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const { data = NOTHING, isSuccess, error, refetch } = useQuery(unmatchedQuery(taskId));
  const { data: sessions = NOTHING } = useQuery(taskSessionsQuery(taskId));
  const [verdict, setVerdict] = useState<MatchVerdict | "">("missing");
  const [words, setWords] = useState("");
  const fetchAll = useFetchMissing();
  const orders = useMemo(() => newestOrders(sessions), [sessions]);
  // A song that stands at several places is fetched once, and shown once.
  const songs = useMemo(() => [...new Map(data.map((song) => [song.song_id, song])).values()], [data]);
  const shown = useMemo(
    () => withWords(verdict ? songs.filter((song) => song.verdict === verdict) : songs, words),
    [songs, verdict, words],
  );
  const wanted = songs.filter((song) => song.verdict === "missing" && !song.is_decided).length;
  const running = sessions.filter(({ status }) => status === "running");
  const start = () =>
    fetchAll.mutate(taskId, {
      onSuccess: ({ total }) => tell(say("missing.started", { count: total })),
      onError: complain,
    });
  return (
    <section className={styles["missing"]} aria-label={say("missing.title")}>
      <div className={styles["filters"]} role="search">
        <SearchField
          className={styles["search"]}
          label={say("review.searchSongs")}
          value={words}
          onSearch={(next) => setWords(next ?? "")}
        />
        <ChoiceField
          label={say("review.verdicts")}
          value={verdict}
          options={[
            ...UNMATCHED.map((each) => [each, say(`match.verdict.${each}`)] as const),
            ["", say("review.all")],
          ]}
          onChange={setVerdict}
        />
      </div>
      <div className={styles["tools"]}>
        <Button
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={fetchAll.isPending}
          disabled={wanted === 0}
          onClick={start}
        >
          {say("missing.all", { count: wanted })}
        </Button>
        <Exporting task={taskId} verdict={verdict} />
      </div>
      {running.length > 0 && (
        <Rows label={say("missing.running")}>
          {running.map((session) => (
            <SessionRow key={session.session_id} session={session} name={say("missing.session")} />
          ))}
        </Rows>
      )}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!isSuccess && !error && <LoadingRows count={5} height={72} />}
      {isSuccess && (
        <p className={styles["dim"]} role="status">
          {say("missing.songs", { count: shown.length })}
        </p>
      )}
      {isSuccess && shown.length === 0 && (
        <Empty
          icon={<IconCheck size={24} />}
          title={say(songs.length === 0 ? "missing.none" : "review.noneFound")}
        />
      )}
      {shown.length > 0 && (
        <LongList label={say("missing.list")} entries={shown} keyOf={({ song_id: id }) => id} height={92}>
          {(song) => (
            <div className={styles["row"]}>
              <MissingRow task={taskId} song={song} order={orders.get(song.song_id) ?? null} />
            </div>
          )}
        </LongList>
      )}
    </section>
  );
}

function Exporting({ task, verdict }: { task: number; verdict: MatchVerdict | "" }) {
  const { say } = useI18n();
  const [format, setFormat] = useState<Format>("csv");
  return (
    <div className={styles["export"]}>
      <ChoiceField
        label={say("missing.format")}
        value={format}
        options={FORMATS.map((each) => [each, each.toUpperCase()] as const)}
        onChange={setFormat}
      />
      <Button
        size="sm"
        variant="default"
        leftSection={<IconFile size={16} aria-hidden />}
        component="a"
        href={exportAddress(task, format, verdict ? [verdict] : UNMATCHED)}
        download
      >
        {say("missing.export")}
      </Button>
    </div>
  );
}

interface MissingRowProps {
  task: number;
  song: Unmatched;
  /** The last that was done to fetch it. */
  order: SongOrder | null;
}

function MissingRow({ task, song, order }: MissingRowProps) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const wordsOf = useReasonWords();
  const faultOf = useOrderFault();
  const fetchOne = useFetchSong();
  const [picking, setPicking] = useState(false);
  const { title } = song;
  const fault = order?.status === "failed" ? faultOf(order) : null;
  const busy = order !== null && isActive(order);
  const start = () =>
    fetchOne.mutate(
      { task_id: task, song_id: song.song_id },
      { onSuccess: () => tell(say("missing.startedOne", { title })), onError: complain },
    );
  return (
    <article className={styles["song"]}>
      <div className={styles["about"]}>
        <Side facts={song} />
        <div className={styles["line"]}>
          <VerdictMark verdict={song.verdict} />
          {order && <OrderMark order={order} />}
          <span>{fault ?? song.reasons.slice(0, 3).map(wordsOf).join(" · ")}</span>
          {!song.is_available && <span>{say("missing.greyed")}</span>}
        </div>
      </div>
      <div className={styles["actions"]}>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={say("missing.fetchNamed", { title })}
          disabled={busy}
          loading={fetchOne.isPending}
          onClick={start}
        >
          {say("missing.fetch")}
        </Button>
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSearch size={16} aria-hidden />}
          aria-label={say("missing.pickNamed", { title })}
          disabled={busy}
          onClick={() => setPicking(true)}
        >
          {say("missing.pick")}
        </Button>
      </div>
      {picking && (
        <PickDialog
          task={task}
          song={song}
          candidates={order?.candidates ?? NOTHING}
          onClose={() => setPicking(false)}
        />
      )}
    </article>
  );
}
