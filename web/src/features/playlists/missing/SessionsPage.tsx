import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { sessionsQuery, useFetchMissing } from "@/api/missing";
import { tasksQuery } from "@/api/tasks";
import { IconDownload } from "@/components/icons";
import { Rows } from "@/components/Rows";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import styles from "./Missing.module.css";
import { SessionRow } from "./SessionRow";

/** What was fetched for playlists, and what is being fetched. */
export function SessionsPage() {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const { data, error, refetch } = useQuery(sessionsQuery);
  const { data: tasks = [] } = useQuery(tasksQuery);
  const fetchAll = useFetchMissing();
  const names = new Map(tasks.map(({ id, name }) => [id, name]));
  const missing = tasks.reduce((sum, { counts }) => sum + (counts.missing ?? 0), 0);
  const start = () =>
    fetchAll.mutate(null, {
      onSuccess: ({ total }) => tell(say("missing.started", { count: total })),
      onError: complain,
    });
  return (
    <div className={styles["missing"]}>
      <div className={styles["tools"]}>
        <Button
          size="sm"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={fetchAll.isPending}
          disabled={missing === 0}
          onClick={start}
        >
          {say("missing.allTasks")}
        </Button>
        <span className={styles["dim"]}>{say("missing.count", { count: missing })}</span>
      </div>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={72} />}
      {data?.length === 0 && (
        <Empty
          icon={<IconDownload size={24} />}
          title={say("missing.noSessions")}
          note={say("missing.noSessionsNote")}
        />
      )}
      {data && data.length > 0 && (
        <Rows label={say("missing.sessions")}>
          {data.map((session) => (
            <SessionRow
              key={session.session_id}
              session={session}
              name={
                session.task_id === null
                  ? say("missing.ofSeveral")
                  : (names.get(session.task_id) ?? say("missing.ofGone"))
              }
            />
          ))}
        </Rows>
      )}
    </div>
  );
}
