import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { useState } from "react";
import { isGone } from "@/api/errors";
import { linkQuery, useFetchLink, useSaveLink, type Link } from "@/api/links";
import { Card } from "@/components/Card";
import { Facts, OutsideLink } from "@/components/Facts";
import {
  IconDownload,
  IconEdit,
  IconFollow,
  IconPause,
  IconPlay,
  IconPodcast,
  IconTrash,
} from "@/components/icons";
import { Picture } from "@/components/Picture";
import { backLink, Screen, Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { CheckRow, CheckRows } from "@/features/history/CheckRow";
import { useProfileName } from "@/features/profiles/words";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { Catalogue } from "./Catalogue";
import { DeleteLinksDialog } from "./DeleteLinksDialog";
import { LinkBadge, stateOf } from "./LinkBadge";
import styles from "./LinkPage.module.css";
import { MendButton, Trouble } from "./LinkRow";
import { Pulse, pulseQuery } from "./Pulse";
import { everyWords, useCounts, useNextCheck } from "./words";

const route = getRouteApi("/shell/links/$id");
const CHECKS_SHOWN = 5;

/** One link: how it fares, what was seen there, and how its checks went. */
export default function LinkPage() {
  const { say } = useI18n();
  const { id } = route.useParams();
  const { data, error, refetch } = useQuery(linkQuery(id));
  const gone = isGone(error);
  return (
    <Screen
      title={data && !gone ? data.name : say("follow.links")}
      back={<RouterLink to="/links" search={{}} {...backLink(say("follow.links"))} />}
    >
      {gone && <Empty icon={<IconFollow size={24} />} title={say("link.gone")} />}
      {error && !gone && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={3} height={120} />}
      {data && !gone && (
        <>
          <Card>
            <State link={data} />
          </Card>
          <Checks link={data} />
          <Section title={say("link.catalogue")}>
            <Catalogue link={id} />
          </Section>
        </>
      )}
    </Screen>
  );
}

function State({ link }: { link: Link }) {
  const { say, ago } = useI18n();
  const now = useNow();
  const next = useNextCheck(link, now);
  const countsOf = useCounts();
  return (
    <div className={styles["state"]}>
      <div className={styles["top"]}>
        <Picture
          address={link.picture_url}
          fallback={<IconFollow size={28} aria-hidden />}
          className={styles["picture"]}
        />
        <div className={styles["words"]}>
          <div className={styles["line"]}>
            <LinkBadge state={stateOf(link)} />
            <span>
              {link.last_checked_at
                ? say("link.checked", { time: ago(link.last_checked_at, now) })
                : say("link.checked.never")}
            </span>
            <span>{next}</span>
          </div>
          <div className={styles["line"]}>
            {countsOf(link).map((each) => (
              <span key={each}>{each}</span>
            ))}
          </div>
          <Trouble link={link} />
        </div>
      </div>
      <Acts link={link} />
      <Pulse link={link.id} />
      <About link={link} />
    </div>
  );
}

function Acts({ link }: { link: Link }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const navigate = route.useNavigate();
  const fetchNow = useFetchLink();
  const save = useSaveLink(link.id);
  const [deleting, setDeleting] = useState(false);
  const Toggle = link.is_enabled ? IconPause : IconPlay;
  return (
    <div className={styles["acts"]}>
      <MendButton link={link} size="sm" />
      {!link.download_automatically && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          loading={fetchNow.isPending}
          onClick={() =>
            fetchNow.mutate(link.id, { onSuccess: () => tell(say("link.fetch.done")), onError: complain })
          }
        >
          {say("link.fetch")}
        </Button>
      )}
      <Button
        size="sm"
        variant="default"
        leftSection={<IconEdit size={16} aria-hidden />}
        renderRoot={(props) => <RouterLink to="/links/$id/edit" params={{ id: link.id }} {...props} />}
      >
        {say("link.edit")}
      </Button>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconPodcast size={16} aria-hidden />}
        renderRoot={(props) => <RouterLink to="/podcasts/digests" search={{ link: link.id }} {...props} />}
      >
        {say("link.digest")}
      </Button>
      <Button
        size="sm"
        variant="default"
        leftSection={<Toggle size={16} aria-hidden />}
        loading={save.isPending}
        onClick={() => save.mutate({ is_enabled: !link.is_enabled }, { onError: complain })}
      >
        {say(link.is_enabled ? "link.off" : "link.on")}
      </Button>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setDeleting(true)}
      >
        {say("link.delete")}
      </Button>
      {deleting && (
        <DeleteLinksDialog
          ids={[link.id]}
          name={link.name}
          onClose={() => setDeleting(false)}
          onDone={() => {
            tell(say("link.delete.done", { name: link.name }));
            void navigate({ to: "/links", search: {} });
          }}
        />
      )}
    </div>
  );
}

function About({ link }: { link: Link }) {
  const { say, moment } = useI18n();
  const nameOf = useProfileName();
  const interval =
    link.interval_minutes === null
      ? say("link.form.intervalDefault")
      : everyWords(link.interval_minutes, say);
  const rules = Object.values(link.filters).filter((rule) => rule !== null).length;
  return (
    <Facts
      facts={[
        [say("link.form.url"), <OutsideLink href={link.url} />],
        [say("link.form.type"), say(`link.type.${link.type}`)],
        [say("link.form.profile"), nameOf(link.profile)],
        [say("link.form.schedule"), interval],
        [
          say("link.form.rules"),
          rules === 0 ? say("link.form.noRules") : say("link.form.rulesSet", { count: rules }),
        ],
        [say("link.form.cookies"), say(link.has_cookies ? "link.form.cookiesHas" : "link.form.cookiesNone")],
        [
          say("link.form.tags"),
          link.tags.length > 0 && (
            <span className={styles["line"]}>
              {link.tags.map((tag) => (
                <RouterLink key={tag} to="/links" search={{ tag }}>
                  #{tag}
                </RouterLink>
              ))}
            </span>
          ),
        ],
        [say("link.feed"), link.feed_url && <OutsideLink href={link.feed_url} />],
        [say("link.since"), moment(link.created_at)],
        [say("item.description"), link.source_description],
      ]}
    />
  );
}

/** The latest checks. */
function Checks({ link }: { link: Link }) {
  const { say } = useI18n();
  const { data } = useInfiniteQuery(pulseQuery(link.id));
  const checks = data?.pages[0]?.slice(0, CHECKS_SHOWN) ?? [];
  if (checks.length === 0) return null;
  return (
    <Section
      title={say("follow.history")}
      aside={
        <RouterLink to="/links/history" search={{ link: link.id }} className={styles["all"]}>
          {say("link.history.all")}
        </RouterLink>
      }
    >
      <CheckRows label={say("follow.history")}>
        {checks.map((check) => (
          <CheckRow key={check.id} check={check} />
        ))}
      </CheckRows>
    </Section>
  );
}
