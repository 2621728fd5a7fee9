import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { isGone } from "@/api/errors";
import { taskQuery, type Task } from "@/api/tasks";
import { choice, Choices } from "@/components/Choices";
import { IconList } from "@/components/icons";
import { backLink, Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { Missing } from "./missing/Missing";
import { PlanTab } from "./PlanTab";
import { Review } from "./review/Review";
import { RunsTab } from "./RunsTab";
import { SettingsTab } from "./SettingsTab";
import { TaskHead } from "./TaskHead";

const route = getRouteApi("/shell/playlists/$id");
const TABS = ["songs", "missing", "plan", "runs", "settings"] as const;
type Tab = (typeof TABS)[number];

/** One playlist: how it is, its songs, what would be done, what was done, and how it is kept. */
export default function TaskPage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { tab = "songs" } = route.useSearch();
  const { data, error, refetch } = useQuery(taskQuery(id));
  const gone = isGone(error);
  return (
    <Screen
      title={data && !gone ? data.name : say("places.playlists")}
      back={<Link to="/playlists" search={{}} {...backLink(say("places.playlists"))} />}
    >
      {gone && (
        <Empty
          icon={<IconList size={24} />}
          title={say("task.gone")}
          action={
            <Button
              size="xs"
              variant="default"
              renderRoot={(props) => <Link to="/playlists" search={{}} {...props} />}
            >
              {say("places.playlists")}
            </Button>
          }
        />
      )}
      {error && !gone && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={120} />}
      {data && !gone && (
        <>
          <TaskHead task={data} />
          <Choices label={say("task.tabs")}>
            {TABS.map((each) => (
              <Link
                key={each}
                to="/playlists/$id"
                params={{ id }}
                search={{ tab: each === "songs" ? undefined : each }}
                activeOptions={{ exact: true, explicitUndefined: true }}
                resetScroll={false}
                {...choice(each === tab)}
              >
                {say(`task.tab.${each}`)}
              </Link>
            ))}
          </Choices>
          <TabOf tab={tab} task={data} />
        </>
      )}
    </Screen>
  );
}

function TabOf({ tab, task }: { tab: Tab; task: Task }) {
  if (tab === "missing") return <Missing key={task.id} taskId={task.id} />;
  if (tab === "plan") return <PlanTab key={task.id} task={task} />;
  if (tab === "runs") return <RunsTab key={task.id} task={task} />;
  if (tab === "settings") return <SettingsTab key={task.id} task={task} />;
  return <Review key={task.id} taskId={task.id} />;
}
