import { TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { feedTokensQuery, type Feed } from "@/api/feeds";
import type { FeedList } from "@/client";
import { CopyText } from "@/components/CopyText";
import { Fold } from "@/components/Fold";
import { forms } from "@/components/Form";
import { Section } from "@/components/Screen";
import { useI18n } from "@/i18n";
import styles from "./Addresses.module.css";
import { searchFeed } from "./search";

const FEW = 5;

/** All addresses under one token. */
export function Addresses({ feeds }: { feeds: FeedList }) {
  const { say } = useI18n();
  const { data: tokens } = useQuery(feedTokensQuery);
  const of = (kind: Feed["kind"]) => feeds.feeds.filter((feed) => feed.kind === kind);
  const name = tokens?.find(({ id }) => id === feeds.token_id)?.name;
  return (
    <>
      {tokens && tokens.length > 1 && (
        <p role="status">
          {say("feeds.of")}: <strong dir="auto">{name}</strong>
        </p>
      )}
      <Section title={say("feeds.library")}>
        {of("library").map((feed) => (
          <CopyText key={feed.url} label={say("feeds.library")} text={feed.url} />
        ))}
      </Section>
      <Several title={say("feeds.collections")} feeds={of("collection")} />
      <Several title={say("feeds.links")} feeds={of("link")} />
      <Search base={feeds.search_url} />
      <Section title={say("feeds.all")}>
        <p className={forms.note}>{say("feeds.opmlNote")}</p>
        <CopyText key={feeds.opml_url} label={say("feeds.opml")} text={feeds.opml_url} />
      </Section>
    </>
  );
}

/** There can be hundreds: folded where there are more than a few. */
function Several({ title, feeds }: { title: string; feeds: readonly Feed[] }) {
  const { say } = useI18n();
  if (feeds.length === 0) return null;
  const list = (
    <ul className={styles["list"]} aria-label={title}>
      {feeds.map((feed) => (
        <li key={feed.url} className={styles["address"]}>
          <span className={styles["name"]} dir="auto">
            {feed.title}
          </span>
          <CopyText label={feed.title} text={feed.url} />
        </li>
      ))}
    </ul>
  );
  if (feeds.length <= FEW) return <Section title={title}>{list}</Section>;
  return (
    <Fold title={title} note={say("storage.more", { count: feeds.length })}>
      {list}
    </Fold>
  );
}

function Search({ base }: { base: string }) {
  const { say } = useI18n();
  const [words, setWords] = useState("");
  const address = searchFeed(base, words);
  return (
    <Section title={say("feeds.search")}>
      <div className={forms.form}>
        <TextInput
          label={say("feeds.searchWords")}
          description={say("feeds.searchNote")}
          maxLength={200}
          value={words}
          onChange={(event) => setWords(event.currentTarget.value)}
        />
        {words.trim() !== "" && <CopyText key={address} label={say("feeds.searchUrl")} text={address} />}
      </div>
    </Section>
  );
}
