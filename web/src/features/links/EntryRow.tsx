import { Button } from "@mantine/core";
import { Link as RouterLink } from "@tanstack/react-router";
import { useDecide, type Entry } from "@/api/links";
import { IconDownload, IconPlay, IconSkip } from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import styles from "./Catalogue.module.css";
import { VerdictBadge } from "./LinkBadge";
import { useWhy } from "./words";

/** One medium that was seen at a link: what was decided, why, and a person's own word. */
export function EntryRow({ entry }: { entry: Entry }) {
  const { say, sayIfKnown, day, clock } = useI18n();
  const why = useWhy();
  const title = entry.title ?? say("entry.untitled");
  const facts = [
    sayIfKnown(`entry.kind.${entry.kind}`) ?? entry.kind,
    entry.duration !== null && clock(entry.duration),
    entry.published_at !== null && day(entry.published_at),
    entry.by_person && say("entry.byPerson"),
    entry.gone_at !== null && say("entry.gone", { day: day(entry.gone_at) }),
  ].filter((fact) => fact !== false);
  return (
    <div className={styles["entry"]}>
      <div className={styles["body"]}>
        <a
          href={/^https?:\/\//i.test(entry.url) ? entry.url : undefined}
          target="_blank"
          rel="noopener noreferrer"
          className={styles["title"]}
          dir="auto"
        >
          {title}
        </a>
        <div className={styles["line"]}>
          <VerdictBadge verdict={entry.verdict} />
          <span className={styles["why"]}>{why(entry)}</span>
        </div>
        <div className={styles["line"]}>
          {facts.map((fact) => (
            <span key={fact}>{fact}</span>
          ))}
        </div>
      </div>
      <div className={styles["actions"]}>
        <Word entry={entry} title={title} />
      </div>
    </div>
  );
}

function Word({ entry, title }: { entry: Entry; title: string }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const decide = useDecide(entry.link_id);
  const { item_id: itemId, verdict } = entry;
  const mayFetch = verdict !== "downloaded" && verdict !== "wanted";
  const maySkip = ["wanted", "waiting", "listed", "failed"].includes(verdict);
  const act = (verb: "download" | "skip") => decide.mutate({ entry: entry.id, verb }, { onError: complain });
  return (
    <>
      {itemId !== null && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconPlay size={16} aria-hidden />}
          aria-label={say("entry.openNamed", { title })}
          renderRoot={(props) => <RouterLink to="/library/$id" params={{ id: itemId }} {...props} />}
        >
          {say("entry.open")}
        </Button>
      )}
      {mayFetch && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          aria-label={say("entry.downloadNamed", { title })}
          disabled={decide.isPending}
          onClick={() => act("download")}
        >
          {say("entry.download")}
        </Button>
      )}
      {maySkip && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconSkip size={16} aria-hidden />}
          aria-label={say("entry.skipNamed", { title })}
          disabled={decide.isPending}
          onClick={() => act("skip")}
        >
          {say("entry.skip")}
        </Button>
      )}
    </>
  );
}
