import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { feedsQuery } from "@/api/feeds";
import { forms } from "@/components/Form";
import { LibraryPlaces } from "@/components/LibraryPlaces";
import { Screen } from "@/components/Screen";
import { ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { Addresses } from "./Addresses";
import { FeedTokens } from "./FeedTokens";

/** The library as podcasts: addresses to take along, and the tokens that they stand under. */
export default function FeedsPage() {
  const { say } = useI18n();
  const [token, setToken] = useState<number>();
  const { data, error, refetch } = useQuery(feedsQuery(token));
  return (
    <Screen title={say("places.feeds")}>
      <LibraryPlaces place="feeds" />
      <div>
        <p className={forms.note}>{say("feeds.what")}</p>
        <p className={forms.note}>
          {say("feeds.secret")} {say("feeds.reach")}
        </p>
      </div>
      {!data && !error && <LoadingRows count={4} height={60} />}
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {data && <Addresses feeds={data} />}
      {/* The first question for addresses makes the first token. */}
      {(data ?? error) && <FeedTokens shown={data?.token_id} onShow={setToken} />}
    </Screen>
  );
}
