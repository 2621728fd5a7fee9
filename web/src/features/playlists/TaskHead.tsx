import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { isBusy, useApproveTask, useSaveTask, useSyncTask, type Task, type TaskTarget } from "@/api/tasks";
import { Card } from "@/components/Card";
import {
  IconAlert,
  IconCheck,
  IconExternal,
  IconEye,
  IconList,
  IconPlay,
  IconRetry,
  IconServer,
  IconUndo,
} from "@/components/icons";
import { Picture } from "@/components/Picture";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useFault } from "@/features/servers/words";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { CountsBar } from "./CountsBar";
import { ExportMenu } from "./ExportMenu";
import { TaskBadge } from "./TaskBadge";
import styles from "./TaskHead.module.css";
import { UndoDialog } from "./UndoDialog";
import { stateOf, useCountWords, useNextSync, usePlatform, useTaskFault } from "./words";

/** How a playlist is at a glance, and what can be done with it. */
export function TaskHead({ task }: { task: Task }) {
  const { say, ago } = useI18n();
  const countsOf = useCountWords();
  const faultOf = useTaskFault();
  const now = useNow();
  const next = useNextSync()(task, now);
  const fault = task.status === "error" ? faultOf(task) : null;
  const waitsForFile = task.platform === "file" && task.read_at === null;
  return (
    <Card>
      <div className={styles["head"]}>
        <div className={styles["top"]}>
          <Picture
            address={task.cover_url}
            fallback={<IconList size={32} aria-hidden />}
            className={styles["cover"]}
          />
          <div className={styles["words"]}>
            <Source task={task} />
            <div className={styles["line"]}>
              <TaskBadge state={stateOf(task)} />
              {task.last_synced_at && (
                <span>{say("task.synced", { time: ago(task.last_synced_at, now) })}</span>
              )}
              {next && <span>{next}</span>}
            </div>
            <CountsBar counts={task.counts} />
            <div className={styles["counts"]}>
              {countsOf(task.counts).map((each) => (
                <span key={each}>{each}</span>
              ))}
            </div>
          </div>
        </div>
        <ul className={styles["targets"]}>
          {task.targets.map((target) => (
            <Target key={target.id} target={target} />
          ))}
        </ul>
        {fault && (
          <p className={`${styles["note"]} ${styles["bad"]}`} role="alert">
            <IconAlert size={18} aria-hidden />
            <span>{fault}</span>
          </p>
        )}
        {task.read_at !== null && !task.is_source_complete && (
          <p className={`${styles["note"]} ${styles["warn"]}`}>
            <IconAlert size={18} aria-hidden />
            <span>{say("task.incomplete")}</span>
          </p>
        )}
        {waitsForFile && (
          <p className={`${styles["note"]} ${styles["warn"]}`}>
            <IconAlert size={18} aria-hidden />
            <span>{say("task.fileWaits")}</span>
          </p>
        )}
        {task.needs_approval && <Asks task={task} />}
        <Acts task={task} />
      </div>
    </Card>
  );
}

function Source({ task }: { task: Task }) {
  const { say } = useI18n();
  const platform = usePlatform()(task.platform);
  return (
    <div className={styles["line"]}>
      <strong className={styles["platform"]}>{platform}</strong>
      {task.source_title && task.source_title !== task.name && <span dir="auto">{task.source_title}</span>}
      {task.source_owner && <span dir="auto">{say("task.by", { owner: task.source_owner })}</span>}
      {/^https?:\/\//i.test(task.source_url) && (
        <a href={task.source_url} target="_blank" rel="noopener noreferrer" className={styles["outside"]}>
          {say("task.open", { platform })}
          <IconExternal size={14} aria-hidden />
        </a>
      )}
    </div>
  );
}

const TARGET_LOOKS = {
  in_step: { tone: "good", icon: IconCheck },
  behind: { tone: "warn", icon: IconAlert },
  asking: { tone: "warn", icon: IconEye },
  error: { tone: "bad", icon: IconAlert },
} as const;

function Target({ target }: { target: TaskTarget }) {
  const { say } = useI18n();
  const faultOf = useFault();
  const status = target.status as keyof typeof TARGET_LOOKS | null;
  return (
    <li className={styles["target"]}>
      <IconServer size={16} aria-hidden />
      <span dir="auto">{target.server_name}</span>
      {target.playlist_title && (
        <span className={styles["dim"]} dir="auto">
          {target.playlist_title}
        </span>
      )}
      {target.synced_at && (
        <span className={styles["dim"]}>{say("task.songs", { count: target.count })}</span>
      )}
      {status && status in TARGET_LOOKS && (
        <Tag {...TARGET_LOOKS[status]}>{say(`target.status.${status}`)}</Tag>
      )}
      {status === "error" && (
        <span className={styles["fault"]}>{faultOf(target.reason, target.error_message)}</span>
      )}
    </li>
  );
}

/** More would go than may go unasked. */
function Asks({ task }: { task: Task }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const approve = useApproveTask();
  return (
    <div className={`${styles["note"]} ${styles["warn"]}`} role="alert">
      <IconEye size={18} aria-hidden />
      <span>{say("task.asks", { count: task.removals })}</span>
      <span className={styles["answers"]}>
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => (
            <Link
              to="/playlists/$id"
              params={{ id: task.id }}
              search={{ tab: "plan" }}
              resetScroll={false}
              {...props}
            />
          )}
        >
          {say("task.toPlan")}
        </Button>
        <Button
          size="xs"
          color="red"
          loading={approve.isPending}
          onClick={() =>
            approve.mutate(task.id, { onSuccess: () => tell(say("task.approved")), onError: complain })
          }
        >
          {say("task.approve", { count: task.removals })}
        </Button>
      </span>
    </div>
  );
}

function Acts({ task }: { task: Task }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const sync = useSyncTask();
  const save = useSaveTask(task.id);
  const [undoes, setUndoes] = useState(false);
  return (
    <div className={styles["acts"]}>
      <Button
        size="sm"
        leftSection={<IconRetry size={16} aria-hidden />}
        loading={sync.isPending || isBusy(task)}
        onClick={() =>
          sync.mutate(task.id, { onSuccess: () => tell(say("task.synced.done")), onError: complain })
        }
      >
        {say("task.sync")}
      </Button>
      {task.can_undo && !isBusy(task) && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconUndo size={16} aria-hidden />}
          onClick={() => setUndoes(true)}
        >
          {say("run.undo")}
        </Button>
      )}
      {!task.is_enabled && task.cron_schedule !== null && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconPlay size={16} aria-hidden />}
          loading={save.isPending}
          onClick={() =>
            save.mutate(
              { is_enabled: true },
              { onSuccess: () => tell(say("task.resumed")), onError: complain },
            )
          }
        >
          {say("task.resume")}
        </Button>
      )}
      <ExportMenu task={task} />
      {undoes && <UndoDialog task={task} onClose={() => setUndoes(false)} />}
    </div>
  );
}
