import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";
import { isBusy, runsQuery, type Run, type RunLine, type Task } from "@/api/tasks";
import { IconAlert, IconBan, IconCheck, IconEye, IconRetry, IconRight, IconUndo } from "@/components/icons";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { useLineWords } from "./lines";
import styles from "./RunsTab.module.css";
import { UndoDialog } from "./UndoDialog";

/** A task's syncs, each with its log; the last that changed something can be undone. */
export function RunsTab({ task }: { task: Task }) {
  const { say } = useI18n();
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery(
    runsQuery(task.id),
  );
  const [undoes, setUndoes] = useState(false);
  const runs = data?.pages.flatMap((page) => page.runs) ?? [];
  return (
    <div className={styles["runs"]}>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={4} height={56} />}
      {data && runs.length === 0 && <Empty icon={<IconRetry size={24} />} title={say("run.none")} />}
      {runs.length > 0 && (
        <ul className={styles["list"]} aria-label={say("task.tab.runs")}>
          {runs.map((run, index) => (
            <RunRow
              key={run.id}
              run={run}
              open={index === 0}
              onUndo={run.can_undo && !isBusy(task) ? () => setUndoes(true) : undefined}
            />
          ))}
        </ul>
      )}
      {hasNextPage && (
        <Button variant="default" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          {say("run.more")}
        </Button>
      )}
      {undoes && <UndoDialog task={task} onClose={() => setUndoes(false)} />}
    </div>
  );
}

const LOOKS = {
  running: { icon: IconRetry, tone: "accent" },
  success: { icon: IconCheck, tone: "good" },
  asking: { icon: IconEye, tone: "warn" },
  failure: { icon: IconAlert, tone: "bad" },
  cancelled: { icon: IconBan, tone: "dim" },
} as const;

interface RunRowProps {
  run: Run;
  open: boolean;
  onUndo: (() => void) | undefined;
}

function RunRow({ run, open, onUndo }: RunRowProps) {
  const { say, ago, moment, span } = useI18n();
  const sums = useSums();
  const status = run.status in LOOKS ? (run.status as keyof typeof LOOKS) : "running";
  const { icon: Icon, tone } = LOOKS[status];
  const [atFirst] = useState(open);
  const seconds =
    run.ended_at === null ? null : (Date.parse(run.ended_at) - Date.parse(run.started_at)) / 1000;
  return (
    <li className={styles["run"]}>
      <details open={atFirst}>
        <summary className={styles["head"]}>
          <span className={styles[tone]}>
            <Icon size={18} aria-hidden />
          </span>
          <span className={styles["words"]}>
            <strong>{say(`run.status.${status}`)}</strong>
            <span>{sayTrigger(run.trigger, say)}</span>
            <span>{sums(run)}</span>
            {run.undone_at && (
              <span className={styles["warn"]}>{say("run.undone", { time: ago(run.undone_at) })}</span>
            )}
          </span>
          <time dateTime={run.started_at} title={moment(run.started_at)} className={styles["time"]}>
            {ago(run.started_at)}
          </time>
          <IconRight size={16} aria-hidden className={styles["arrow"]} />
        </summary>
        <ol className={styles["lines"]} aria-label={say("run.lines")}>
          {run.lines.map((line, index) => (
            <Line key={index} line={line} />
          ))}
        </ol>
        {seconds !== null && (
          <p className={styles["took"]}>
            {moment(run.started_at)} · {say("run.took", { time: span(seconds) })}
          </p>
        )}
      </details>
      {onUndo && (
        <Button
          className={styles["undo"] ?? ""}
          size="xs"
          variant="default"
          leftSection={<IconUndo size={16} aria-hidden />}
          onClick={onUndo}
        >
          {say("run.undo")}
        </Button>
      )}
    </li>
  );
}

const TRIGGERS = ["schedule", "person", "arrival", "undo"] as const;

function sayTrigger(trigger: string, say: ReturnType<typeof useI18n>["say"]): string {
  const known = TRIGGERS.find((each) => each === trigger);
  return known ? say(`run.trigger.${known}`) : trigger;
}

/** What a sync changed, in words. */
function useSums(): (run: Run) => string {
  const { say } = useI18n();
  return ({ counts, status }) => {
    const told = (["added", "removed", "moved"] as const).flatMap((each) => {
      const count = counts[each] ?? 0;
      return count > 0 ? [say(`plan.${each}`, { count })] : [];
    });
    if (told.length > 0) return told.join(" · ");
    return status === "success" ? say("run.unchanged") : "";
  };
}

function Line({ line }: { line: RunLine }) {
  const { language } = useI18n();
  const wordsOf = useLineWords();
  return (
    <li className={styles[line.level] ?? ""}>
      <time dateTime={line.at} className={styles["time"]}>
        {new Intl.DateTimeFormat(language, { timeStyle: "medium" }).format(new Date(line.at))}
      </time>
      <span>{wordsOf(line)}</span>
    </li>
  );
}
