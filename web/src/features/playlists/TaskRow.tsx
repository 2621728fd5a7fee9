import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { isBusy, useSyncTask, type Task } from "@/api/tasks";
import { IconEye, IconList, IconRetry } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { Row } from "@/components/Rows";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { CountsBar } from "./CountsBar";
import { TaskBadge } from "./TaskBadge";
import styles from "./TaskRow.module.css";
import { stateOf, useCountWords, useNextSync, usePlatform, useTaskFault } from "./words";

/** One playlist as a row: where from, where to, how much of it is there, and the one button that helps. */
export function TaskRow({ task, now }: { task: Task; now: number }) {
  const { say, ago } = useI18n();
  const platformOf = usePlatform();
  const countsOf = useCountWords();
  const faultOf = useTaskFault();
  const next = useNextSync()(task, now);
  const fault = faultOf(task);
  return (
    <Row
      picture={
        <Picture
          address={task.cover_url}
          fallback={<IconList size={22} aria-hidden />}
          className={styles["cover"]}
        />
      }
      title={
        <>
          <Link
            to="/playlists/$id"
            params={{ id: task.id }}
            search={{}}
            className={styles["name"]}
            dir="auto"
          >
            {task.name}
          </Link>
          <TaskBadge state={stateOf(task)} />
        </>
      }
      facts={[
        platformOf(task.platform),
        say("task.on", { servers: task.targets.map((each) => each.server_name).join(", ") }),
        task.last_synced_at && say("task.synced", { time: ago(task.last_synced_at, now) }),
        next,
      ]}
      actions={<TaskAct task={task} />}
    >
      <CountsBar counts={task.counts} />
      <div className={styles["counts"]}>
        {countsOf(task.counts).map((each) => (
          <span key={each}>{each}</span>
        ))}
      </div>
      {task.status === "error" && fault && <p className={styles["fault"]}>{fault}</p>}
      {task.needs_approval && <p className={styles["asks"]}>{say("task.asks", { count: task.removals })}</p>}
    </Row>
  );
}

/** The one button: leads to what waits for a decision, or syncs. */
function TaskAct({ task }: { task: Task }) {
  const { say } = useI18n();
  const { complain, tell } = useToasts();
  const sync = useSyncTask();
  const params = { id: task.id };
  if (task.needs_approval) {
    return (
      <Button
        size="xs"
        variant="light"
        leftSection={<IconEye size={16} aria-hidden />}
        aria-label={say("task.lookNamed", { name: task.name })}
        renderRoot={(props) => (
          <Link to="/playlists/$id" params={params} search={{ tab: "plan" }} {...props} />
        )}
      >
        {say("task.look")}
      </Button>
    );
  }
  if (task.status !== "error" && (task.counts.review ?? 0) > 0) {
    return (
      <Button
        size="xs"
        variant="light"
        leftSection={<IconEye size={16} aria-hidden />}
        aria-label={say("task.reviewNamed", { name: task.name })}
        renderRoot={(props) => <Link to="/playlists/$id" params={params} search={{}} {...props} />}
      >
        {say("task.review")}
      </Button>
    );
  }
  return (
    <Button
      size="xs"
      variant={task.status === "error" ? "light" : "default"}
      leftSection={<IconRetry size={16} aria-hidden />}
      aria-label={say("task.syncNamed", { name: task.name })}
      loading={sync.isPending || isBusy(task)}
      onClick={() =>
        sync.mutate(task.id, { onSuccess: () => tell(say("task.synced.done")), onError: complain })
      }
    >
      {say("task.sync")}
    </Button>
  );
}
