import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { isGone } from "@/api/errors";
import { episodeQuery, type Episode } from "@/api/podcasts";
import { choice, Choices } from "@/components/Choices";
import { IconPodcast } from "@/components/icons";
import { backLink, Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { About } from "./About";
import { EpisodeHead } from "./EpisodeHead";
import { Listen } from "./listen/Listen";
import { ScriptTab } from "./script/ScriptTab";

const route = getRouteApi("/shell/podcasts/$id");
const TABS = ["listen", "script", "about"] as const;
type Tab = (typeof TABS)[number];

/** One episode: heard, read and changed, and all about it. */
export default function EpisodePage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { tab = "listen" } = route.useSearch();
  const { data, error, refetch } = useQuery(episodeQuery(id));
  const gone = isGone(error);
  return (
    <Screen
      title={data && !gone ? data.title : say("nav.podcasts")}
      back={<Link to="/podcasts" search={{}} {...backLink(say("nav.podcasts"))} />}
    >
      {gone && (
        <Empty
          icon={<IconPodcast size={24} />}
          title={say("podcasts.gone")}
          action={
            <Button
              size="xs"
              variant="default"
              renderRoot={(props) => <Link to="/podcasts" search={{}} {...props} />}
            >
              {say("nav.podcasts")}
            </Button>
          }
        />
      )}
      {error && !gone && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={120} />}
      {data && !gone && (
        <>
          <EpisodeHead episode={data} />
          <Choices label={say("podcasts.tabs")}>
            {TABS.map((each) => (
              <Link
                key={each}
                to="/podcasts/$id"
                params={{ id }}
                search={{ tab: each === "listen" ? undefined : each }}
                activeOptions={{ exact: true, explicitUndefined: true }}
                resetScroll={false}
                {...choice(each === tab)}
              >
                {say(`podcasts.tab.${each}`)}
              </Link>
            ))}
          </Choices>
          <TabOf tab={tab} episode={data} />
        </>
      )}
    </Screen>
  );
}

function TabOf({ tab, episode }: { tab: Tab; episode: Episode }) {
  if (tab === "script") return <ScriptTab key={episode.id} episode={episode} />;
  if (tab === "about") return <About key={episode.id} episode={episode} />;
  return <Listen key={episode.id} episode={episode} />;
}
