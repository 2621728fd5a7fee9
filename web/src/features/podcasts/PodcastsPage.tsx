import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { episodesQuery } from "@/api/podcasts";
import { Sentinel } from "@/components/endless";
import { IconPlus, IconPodcast } from "@/components/icons";
import { Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { EpisodeRow } from "./EpisodeRow";
import { Feed } from "./Feed";
import { PodcastPlaces } from "./PodcastPlaces";

/** The episodes that were made, and those that are being made. */
export default function PodcastsPage() {
  const { say } = useI18n();
  const { data, error, refetch, hasNextPage, isFetching, fetchNextPage } = useInfiniteQuery(episodesQuery());
  const now = useNow();
  const episodes = data?.pages.flat() ?? [];
  const more = useCallback(() => {
    if (hasNextPage && !isFetching) void fetchNextPage();
  }, [hasNextPage, isFetching, fetchNextPage]);
  return (
    <Screen title={say("nav.podcasts")} actions={<Make />}>
      <PodcastPlaces place="episodes" />
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={4} height={88} />}
      {data && episodes.length === 0 && (
        <Empty
          icon={<IconPodcast size={24} />}
          title={say("podcasts.none")}
          note={say("podcasts.noneNote")}
          action={<Make />}
        />
      )}
      {episodes.length > 0 && (
        <>
          <Rows label={say("podcasts.places.episodes")}>
            {episodes.map((episode) => (
              <EpisodeRow key={episode.id} episode={episode} now={now} />
            ))}
          </Rows>
          <Sentinel onNear={more} />
          <Feed />
        </>
      )}
    </Screen>
  );
}

function Make() {
  const { say } = useI18n();
  return (
    <Button
      size="sm"
      leftSection={<IconPlus size={16} aria-hidden />}
      renderRoot={(props) => <Link to="/podcasts/new" search={{}} {...props} />}
    >
      {say("podcasts.make")}
    </Button>
  );
}
