import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { tasksQuery } from "@/api/tasks";
import { IconList, IconPlus } from "@/components/icons";
import { PlaylistPlaces } from "@/components/PlaylistPlaces";
import { Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { SearchField } from "@/components/SearchField";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import styles from "./PlaylistsPage.module.css";
import { TaskRow } from "./TaskRow";
import { fits } from "./words";

const route = getRouteApi("/shell/playlists");

/** The playlists that are kept in step. */
export default function PlaylistsPage() {
  const { say } = useI18n();
  const { q = "" } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(tasksQuery);
  const now = useNow();
  const found = data?.filter((task) => fits(task, q)) ?? [];
  return (
    <Screen title={say("places.playlists")} actions={<Add />}>
      <PlaylistPlaces place="playlists" />
      {data && data.length > 0 && (
        <div role="search">
          <SearchField
            label={say("tasks.search")}
            value={q}
            onSearch={(wanted) => void navigate({ search: { q: wanted }, replace: true })}
          />
        </div>
      )}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={4} height={104} />}
      {data?.length === 0 && (
        <Empty
          icon={<IconList size={24} />}
          title={say("tasks.none")}
          note={say("tasks.noneNote")}
          action={<Add />}
        />
      )}
      {data && data.length > 0 && found.length === 0 && <NoneFound />}
      {found.length > 0 && (
        <>
          <p className={styles["count"]} role="status">
            {say("tasks.count", { count: found.length })}
          </p>
          <Rows label={say("places.playlists")}>
            {found.map((task) => (
              <TaskRow key={task.id} task={task} now={now} />
            ))}
          </Rows>
        </>
      )}
    </Screen>
  );
}

function Add() {
  const { say } = useI18n();
  return (
    <Button
      size="sm"
      leftSection={<IconPlus size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/playlists/new" search={{}} {...props} />}
    >
      {say("tasks.add")}
    </Button>
  );
}

function NoneFound() {
  const { say } = useI18n();
  return (
    <Empty
      icon={<IconList size={24} />}
      title={say("tasks.noneFound")}
      action={
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => <Link to="/playlists" search={{}} {...props} />}
        >
          {say("tasks.reset")}
        </Button>
      }
    />
  );
}
