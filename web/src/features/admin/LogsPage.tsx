import { Checkbox } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useState } from "react";
import { LEVELS, logsQuery, useTail, type Level, type LogFilter, type LogLine } from "@/api/logs";
import { ChoiceField } from "@/components/ChoiceField";
import { forms } from "@/components/Form";
import { IconLog } from "@/components/icons";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag, type Tone } from "@/components/Tag";
import { useI18n } from "@/i18n";
import { AdminScreen } from "./AdminScreen";
import { Sentinel } from "@/components/endless";
import styles from "./LogsPage.module.css";
import { TextFilter } from "./TextFilter";

const route = getRouteApi("/shell/admin/logs");
const TONES: Record<Level, Tone> = {
  debug: "plain",
  info: "plain",
  warning: "warn",
  error: "bad",
  critical: "bad",
};

/** What the program says of its work, on all hosts. */
export default function LogsPage() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const [live, setLive] = useState(true);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    logsQuery(filter),
  );
  useTail(filter, live);
  const lines = data?.pages.flat() ?? [];
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return (
    <AdminScreen
      place="logs"
      actions={
        <Checkbox
          label={say("logs.live")}
          checked={live}
          onChange={(event) => setLive(event.currentTarget.checked)}
        />
      }
    >
      <Filters />
      {!data && !error && <LoadingRows count={10} height={36} />}
      {data && lines.length === 0 && <Empty icon={<IconLog size={24} />} title={say("logs.none")} />}
      {lines.length > 0 && (
        <ol className={styles["lines"]} aria-label={say("admin.logs")}>
          {lines.map((line) => (
            <Line key={line.id} line={line} />
          ))}
        </ol>
      )}
      {error && <ErrorNote error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {hasNextPage && <Sentinel key={lines.at(-1)?.id} onNear={more} />}
      {isFetchingNextPage && <LoadingRows count={1} height={36} />}
    </AdminScreen>
  );
}

function Filters() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const set = (part: LogFilter) => void navigate({ search: (old) => ({ ...old, ...part }), replace: true });
  return (
    <div className={forms.filters} role="search">
      <ChoiceField
        label={say("logs.level")}
        value={filter.level ?? ""}
        options={[["", say("logs.all")], ...LEVELS.map((each) => [each, say(`level.${each}`)] as const)]}
        onChange={(level) => set({ level: level || undefined })}
      />
      <TextFilter label={say("logs.text")} value={filter.q ?? ""} onChange={(q) => set({ q })} />
      <TextFilter
        label={say("logs.download")}
        value={filter.download ? String(filter.download) : ""}
        numeric
        onChange={(number) => set({ download: Number(number) || undefined })}
      />
    </div>
  );
}

function Line({ line }: { line: LogLine }) {
  const { say, moment } = useI18n();
  const fields = Object.entries(line.fields);
  return (
    <li className={styles["line"]}>
      <span className={styles["head"]}>
        <time dateTime={line.timestamp} title={moment(line.timestamp)}>
          {clockOf(line.timestamp)}
        </time>
        <Tag tone={TONES[line.level]}>{say(`level.${line.level}`)}</Tag>
        <span>{line.source}</span>
        <span>{line.host}</span>
        {line.download_id !== null && (
          <Link to="/downloads/$id" params={{ id: line.download_id }}>
            {say("logs.downloadNumber", { id: String(line.download_id) })}
          </Link>
        )}
      </span>
      <span className={styles["message"]}>{line.message}</span>
      {fields.length > 0 && (
        <span className={styles["fields"]}>
          {fields.map(([name, value]) => (
            <span key={name}>
              {name}={typeof value === "string" ? value : JSON.stringify(value)}
            </span>
          ))}
        </span>
      )}
    </li>
  );
}

/** Day and time of day, to the second, in the person's own time zone: what one compares with other programs' logs. */
function clockOf(iso: string): string {
  const time = new Date(iso);
  const pad = (value: number) => String(value).padStart(2, "0");
  const day = `${time.getFullYear()}-${pad(time.getMonth() + 1)}-${pad(time.getDate())}`;
  return `${day} ${pad(time.getHours())}:${pad(time.getMinutes())}:${pad(time.getSeconds())}`;
}
