import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import {
  isBusy,
  useApproveEpisode,
  useCancelEpisode,
  useContinueEpisode,
  useDeleteEpisode,
  type Episode,
} from "@/api/podcasts";
import { Card } from "@/components/Card";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import {
  IconAlert,
  IconCheck,
  IconDownload,
  IconEye,
  IconLanguage,
  IconPodcast,
  IconRetry,
  IconSettings,
  IconTrash,
} from "@/components/icons";
import { Picture } from "@/components/Picture";
import { ProgressBar } from "@/components/ProgressBar";
import { Tag } from "@/components/Tag";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { ContinueDialog } from "./ContinueDialog";
import { EpisodeBadge } from "./EpisodeBadge";
import styles from "./Episode.module.css";
import { TranslateDialog } from "./TranslateDialog";
import { shareOf, useDoing, useEpisodeFault, useLanguageName } from "./words";
import { VoiceDialog } from "./VoiceDialog";

/** How an episode is, and what can be done with it as a whole. */
export function EpisodeHead({ episode }: { episode: Episode }) {
  const { say, span, day } = useI18n();
  const doing = useDoing();
  const languageOf = useLanguageName();
  const { title, status, duration, speakers, language, completedAt, createdAt } = episode;
  const busy = isBusy(episode);
  return (
    <Card>
      <div className={styles["head"]}>
        <Picture
          address={episode.coverUrl}
          fallback={<IconPodcast size={40} aria-hidden />}
          className={styles["cover"]}
        />
        <div className={styles["words"]}>
          <div className={styles["line"]}>
            <EpisodeBadge status={status} />
            {isExtractive(episode) && <Tag>{say("podcasts.extractive")}</Tag>}
            {duration > 0 && <span>{span(duration)}</span>}
            {language && <span>{languageOf(language)}</span>}
            <span>{day(completedAt ?? createdAt)}</span>
          </div>
          {speakers.length > 0 && <p>{speakers.map(({ name }) => name).join(", ")}</p>}
          {episode.description && (
            <p className={styles["description"]} dir="auto">
              {episode.description}
            </p>
          )}
          {busy && (
            <div className={styles["running"]} role="status">
              <span>{doing(episode)}</span>
              <ProgressBar share={shareOf(episode)} label={say("podcasts.progress", { title })} />
            </div>
          )}
          {status === "failed" && <Failed episode={episode} />}
          {status === "waiting" && <Waits episode={episode} />}
          <Acts episode={episode} />
        </div>
      </div>
    </Card>
  );
}

export const isExtractive = ({ providers }: Pick<Episode, "providers">) => providers["llm"] === "extractive";

/** What went wrong, and the one button that goes on. */
function Failed({ episode }: { episode: Episode }) {
  const { say, ago } = useI18n();
  const { complain } = useToasts();
  const goOn = useContinueEpisode();
  const { message, hint } = useEpisodeFault()(episode);
  return (
    <div className={`${styles["note"]} ${styles["bad"]}`} role="alert">
      <IconAlert size={18} aria-hidden />
      <span>
        {message} {hint} {say("podcasts.kept")}
        {episode.nextAttemptAt && ` ${say("download.retryAt", { time: ago(episode.nextAttemptAt) })}`}
      </span>
      <Button
        size="xs"
        leftSection={<IconRetry size={16} aria-hidden />}
        loading={goOn.isPending}
        onClick={() => goOn.mutate({ id: episode.id }, { onError: complain })}
      >
        {say("podcasts.continue")}
      </Button>
    </div>
  );
}

function Waits({ episode }: { episode: Episode }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const approve = useApproveEpisode();
  const version = episode.scriptVersion;
  return (
    <div className={`${styles["note"]} ${styles["warn"]}`} role="status">
      <IconEye size={18} aria-hidden />
      <span>{say("podcasts.waits")}</span>
      <span className={styles["answers"]}>
        <Button
          size="xs"
          variant="default"
          renderRoot={(props) => (
            <Link to="/podcasts/$id" params={{ id: episode.id }} search={{ tab: "script" }} {...props} />
          )}
        >
          {say("podcasts.read")}
        </Button>
        {version !== null && (
          <Button
            size="xs"
            leftSection={<IconCheck size={16} aria-hidden />}
            loading={approve.isPending}
            onClick={() =>
              approve.mutate(
                { id: episode.id, version },
                { onSuccess: () => tell(say("podcasts.approved")), onError: complain },
              )
            }
          >
            {say("podcasts.approve")}
          </Button>
        )}
      </span>
    </div>
  );
}

type Asked = "continue" | "translate" | "voice" | "delete";

function Acts({ episode }: { episode: Episode }) {
  const { say, bytes } = useI18n();
  const { complain } = useToasts();
  const [asked, setAsked] = useState<Asked | null>(null);
  const cancel = useCancelEpisode();
  const goOn = useContinueEpisode();
  const { id, files, status, scriptVersion } = episode;
  const busy = isBusy(episode);
  const close = () => setAsked(null);
  return (
    <div className={styles["acts"]}>
      {files.map(({ format, size }) => (
        <Button
          key={format}
          size="sm"
          variant="default"
          leftSection={<IconDownload size={16} aria-hidden />}
          component="a"
          href={`/api/v1/podcasts/${id}/download?format=${format}`}
          download
        >
          {`${format.toUpperCase()} · ${bytes(size)}`}
        </Button>
      ))}
      {busy && (
        <Button
          size="sm"
          variant="default"
          loading={cancel.isPending}
          onClick={() => cancel.mutate(id, { onError: complain })}
        >
          {say("form.cancel")}
        </Button>
      )}
      {status === "cancelled" && (
        <Button
          size="sm"
          leftSection={<IconRetry size={16} aria-hidden />}
          loading={goOn.isPending}
          onClick={() => goOn.mutate({ id }, { onError: complain })}
        >
          {say("podcasts.continue")}
        </Button>
      )}
      {(status === "failed" || status === "cancelled") && (
        <Button
          size="sm"
          variant="default"
          leftSection={<IconSettings size={16} aria-hidden />}
          onClick={() => setAsked("continue")}
        >
          {say("podcasts.continueWith")}
        </Button>
      )}
      {!busy && scriptVersion !== null && (
        <>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconPodcast size={16} aria-hidden />}
            onClick={() => setAsked("voice")}
          >
            {say("podcasts.revoice")}
          </Button>
          <Button
            size="sm"
            variant="default"
            leftSection={<IconLanguage size={16} aria-hidden />}
            onClick={() => setAsked("translate")}
          >
            {say("podcasts.translate")}
          </Button>
        </>
      )}
      <Button
        size="sm"
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsked("delete")}
      >
        {say("podcasts.delete")}
      </Button>
      {asked === "continue" && <ContinueDialog episode={episode} onClose={close} />}
      {asked === "voice" && <VoiceDialog episode={episode} onClose={close} />}
      {asked === "translate" && <TranslateDialog episode={episode} onClose={close} />}
      {asked === "delete" && <Farewell episode={episode} onClose={close} />}
    </div>
  );
}

function Farewell({ episode, onClose }: { episode: Episode; onClose: () => void }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = useNavigate();
  const remove = useDeleteEpisode();
  const { id, title } = episode;
  return (
    <ConfirmDialog
      title={say("podcasts.deleteNamed", { title })}
      text={say("podcasts.deleteText")}
      keep={say("form.keep")}
      go={say("podcasts.delete")}
      busy={remove.isPending}
      error={remove.error}
      onClose={onClose}
      onGo={() =>
        remove.mutate(id, {
          onSuccess: () => {
            tell(say("podcasts.deleted", { title }));
            void navigate({ to: "/podcasts", search: {} });
          },
        })
      }
    />
  );
}
