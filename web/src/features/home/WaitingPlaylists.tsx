import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { tasksQuery } from "@/api/tasks";
import { Rows } from "@/components/Rows";
import { Section } from "@/components/Screen";
import { TaskRow } from "@/features/playlists/TaskRow";
import { wantsSomebody } from "@/features/playlists/words";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import styles from "./HomePage.module.css";

const SHOWN = 3;

/** Playlists that ask, fail, or have songs to review; nothing where there are none. */
export default function WaitingPlaylists() {
  const { say } = useI18n();
  const { data } = useQuery(tasksQuery);
  const now = useNow();
  const waiting = data?.filter(wantsSomebody) ?? [];
  if (waiting.length === 0) return null;
  return (
    <Section
      title={say("home.playlists")}
      aside={
        <Link to="/playlists" search={{}} className={styles["all"]}>
          {say("tasks.count", { count: data?.length ?? 0 })}
        </Link>
      }
    >
      <Rows label={say("home.playlists")}>
        {waiting.slice(0, SHOWN).map((task) => (
          <TaskRow key={task.id} task={task} now={now} />
        ))}
      </Rows>
    </Section>
  );
}
