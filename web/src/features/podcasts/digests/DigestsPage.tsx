import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { digestsQuery, useDeleteDigest, useRunDigest, type Digest } from "@/api/digests";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { forms } from "@/components/Form";
import { IconDigest, IconPlay, IconPlus } from "@/components/icons";
import { Row, Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { PodcastPlaces } from "../PodcastPlaces";
import styles from "../Podcasts.module.css";
import { DigestDialog } from "./DigestDialog";

const route = getRouteApi("/shell/podcasts/digests");

/** What is new at followed links and in feeds, as episodes on a schedule. */
export default function DigestsPage() {
  const { say } = useI18n();
  const { link } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch } = useQuery(digestsQuery);
  const [adding, setAdding] = useState(link !== undefined);
  const now = useNow();
  const add = (
    <Button size="sm" leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setAdding(true)}>
      {say("podcasts.digests.add")}
    </Button>
  );
  const close = () => {
    setAdding(false);
    if (link !== undefined) void navigate({ search: {}, replace: true });
  };
  return (
    <Screen title={say("podcasts.places.digests")} actions={add}>
      <PodcastPlaces place="digests" />
      <p className={forms.note}>{say("podcasts.digests.note")}</p>
      {error && <ErrorNote error={error} onRetry={() => void refetch()} />}
      {!data && !error && <LoadingRows count={2} height={80} />}
      {data?.length === 0 && (
        <Empty icon={<IconDigest size={24} />} title={say("podcasts.digests.none")} action={add} />
      )}
      {data && data.length > 0 && (
        <Rows label={say("podcasts.places.digests")}>
          {data.map((digest) => (
            <DigestRow key={digest.id} digest={digest} now={now} />
          ))}
        </Rows>
      )}
      {adding && <DigestDialog {...(link === undefined ? {} : { link })} onClose={close} />}
    </Screen>
  );
}

function DigestRow({ digest, now }: { digest: Digest; now: number }) {
  const { say, ago } = useI18n();
  const { tell, complain } = useToasts();
  const run = useRunDigest();
  const remove = useDeleteDigest();
  const [dialog, setDialog] = useState<"edit" | "delete" | null>(null);
  const { id, name, linkIds, feedUrls, isEnabled, nextRunAt, lastRunAt, lastPodcastId } = digest;
  const { lastNew, lastLeftOut, errorMessage } = digest;
  const small = { size: "xs", variant: "default" } as const;
  const close = () => setDialog(null);
  return (
    <Row
      title={
        <>
          <span dir="auto">{name}</span>
          {!isEnabled && <Tag>{say("podcasts.digests.off")}</Tag>}
        </>
      }
      facts={[
        linkIds.length > 0 && say("podcasts.digests.links", { count: linkIds.length }),
        feedUrls.length > 0 && say("podcasts.digests.feeds", { count: feedUrls.length }),
        isEnabled && nextRunAt && say("podcasts.digests.next", { time: ago(nextRunAt, now) }),
        lastRunAt && say("podcasts.digests.last", { time: ago(lastRunAt, now) }),
        lastNew !== null && lastNew > 0 && say("podcasts.digests.new", { count: lastNew }),
        // Of what could not be read nobody knows.
        lastNew === 0 && !errorMessage && say("podcasts.digests.nothing"),
        lastPodcastId && (
          <Link to="/podcasts/$id" params={{ id: lastPodcastId }} search={{}}>
            {say("podcasts.digests.episode")}
          </Link>
        ),
      ]}
      actions={
        <>
          <Button
            {...small}
            variant="light"
            leftSection={<IconPlay size={16} aria-hidden />}
            loading={run.isPending}
            aria-label={say("podcasts.digests.runNamed", { name })}
            onClick={() =>
              run.mutate(id, { onSuccess: () => tell(say("podcasts.digests.started")), onError: complain })
            }
          >
            {say("podcasts.digests.run")}
          </Button>
          <Button
            {...small}
            aria-label={say("podcasts.templates.editNamed", { title: name })}
            onClick={() => setDialog("edit")}
          >
            {say("link.edit")}
          </Button>
          <Button
            {...small}
            aria-label={say("podcasts.deleteNamed", { title: name })}
            onClick={() => setDialog("delete")}
          >
            {say("podcasts.delete")}
          </Button>
        </>
      }
    >
      {errorMessage && (
        <p className={styles["fault"]}>
          {say("podcasts.digests.fault")} <span dir="auto">{errorMessage}</span>
        </p>
      )}
      {lastLeftOut.length > 0 && (
        <details className={styles["leftOut"]}>
          <summary>{say("podcasts.digests.leftOut", { count: lastLeftOut.length })}</summary>
          <ul>
            {lastLeftOut.map((title, at) => (
              <li key={at}>
                <bdi>{title}</bdi>
              </li>
            ))}
          </ul>
        </details>
      )}
      {dialog === "edit" && <DigestDialog digest={digest} onClose={close} />}
      {dialog === "delete" && (
        <ConfirmDialog
          title={say("podcasts.deleteNamed", { title: name })}
          text={say("podcasts.digests.deleteText")}
          keep={say("form.keep")}
          go={say("podcasts.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={close}
          onGo={() => remove.mutate(id, { onSuccess: () => tell(say("podcasts.deleted", { title: name })) })}
        />
      )}
    </Row>
  );
}
