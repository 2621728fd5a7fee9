import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { isBusy, useCancelEpisode, useContinueEpisode, type Episode } from "@/api/podcasts";
import { IconEye, IconPlay, IconPodcast, IconRetry } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { ProgressBar } from "@/components/ProgressBar";
import { Row } from "@/components/Rows";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { EpisodeBadge } from "./EpisodeBadge";
import styles from "./Podcasts.module.css";
import { shareOf, useDoing, useEpisodeFault, useLanguageName } from "./words";

/** One episode as a row: what it is, how far it is, and the one button that helps. */
export function EpisodeRow({ episode, now }: { episode: Episode; now: number }) {
  const { say, ago, span } = useI18n();
  const doing = useDoing();
  const languageOf = useLanguageName();
  const fault = useEpisodeFault()(episode);
  const { id, title, status, duration, speakers, language } = episode;
  const busy = isBusy(episode);
  return (
    <Row
      picture={
        <Picture
          address={episode.coverUrl}
          fallback={<IconPodcast size={22} aria-hidden />}
          className={styles["cover"]}
        />
      }
      title={
        <>
          <Link to="/podcasts/$id" params={{ id }} search={{}} className={styles["name"]} dir="auto">
            {title}
          </Link>
          {!busy && status !== "completed" && <EpisodeBadge status={status} />}
        </>
      }
      facts={[
        duration > 0 && span(duration),
        speakers.length > 0 && speakers.map(({ name }) => name).join(", "),
        language && languageOf(language),
        ago(episode.completedAt ?? episode.createdAt, now),
      ]}
      actions={<Act episode={episode} />}
    >
      {busy && (
        <div className={styles["running"]}>
          <span className={styles["doing"]}>{doing(episode)}</span>
          <ProgressBar share={shareOf(episode)} label={say("podcasts.progress", { title })} />
        </div>
      )}
      {status === "failed" && (
        <p className={styles["fault"]}>{[fault.message, fault.hint].filter(Boolean).join(" ")}</p>
      )}
    </Row>
  );
}

function Act({ episode }: { episode: Episode }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const goOn = useContinueEpisode();
  const cancel = useCancelEpisode();
  const { id, title, status } = episode;
  const small = { size: "xs", variant: "default" } as const;
  if (isBusy(episode)) {
    return (
      <Button
        {...small}
        aria-label={say("podcasts.cancelNamed", { title })}
        loading={cancel.isPending}
        onClick={() => cancel.mutate(id, { onError: complain })}
      >
        {say("form.cancel")}
      </Button>
    );
  }
  if (status === "failed" || status === "cancelled") {
    return (
      <Button
        {...small}
        variant="light"
        leftSection={<IconRetry size={16} aria-hidden />}
        aria-label={say("podcasts.continueNamed", { title })}
        loading={goOn.isPending}
        onClick={() => goOn.mutate({ id }, { onError: complain })}
      >
        {say("podcasts.continue")}
      </Button>
    );
  }
  const waits = status === "waiting";
  return (
    <Button
      {...small}
      variant={waits ? "light" : "default"}
      leftSection={waits ? <IconEye size={16} aria-hidden /> : <IconPlay size={16} aria-hidden />}
      aria-label={say(waits ? "podcasts.readNamed" : "podcasts.listenNamed", { title })}
      renderRoot={(props) => (
        <Link to="/podcasts/$id" params={{ id }} search={waits ? { tab: "script" } : {}} {...props} />
      )}
    >
      {say(waits ? "podcasts.read" : "podcasts.listen")}
    </Button>
  );
}
