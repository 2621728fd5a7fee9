import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { isBusy, textQuery, type Episode } from "@/api/podcasts";
import { Card } from "@/components/Card";
import { IconPodcast } from "@/components/icons";
import { Section } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import { SourceName } from "../About";
import { parseChapters } from "./chapters";
import { EpisodePlayer } from "./EpisodePlayer";
import styles from "./Listen.module.css";
import { LivePlayer } from "./LivePlayer";
import { Transcript } from "./Transcript";
import { useEpisodeAudio } from "./useEpisodeAudio";
import { parseVtt } from "./vtt";

/** Hearing an episode: the recording, or what there is of it while it is made. */
export function Listen({ episode }: { episode: Episode }) {
  const { say } = useI18n();
  // A finished recording stays heard while it is voiced anew.
  if (episode.files.length > 0) return <Finished episode={episode} />;
  if (episode.liveUrl !== null) return <LivePlayer address={episode.liveUrl} title={episode.title} />;
  return (
    <Empty
      icon={<IconPodcast size={24} />}
      title={say(isBusy(episode) ? "podcasts.soon" : "podcasts.noAudio")}
    />
  );
}

function Finished({ episode }: { episode: Episode }) {
  const { say } = useI18n();
  const audio = useRef<HTMLAudioElement>(null);
  const media = useEpisodeAudio(audio, episode.id);
  // Another address when it was made anew: nothing old is taken for it.
  const version = `?made=${encodeURIComponent(episode.completedAt ?? "")}`;
  const transcript = useQuery({
    ...textQuery(`${episode.transcriptUrl}${version}`),
    enabled: episode.transcriptUrl !== null,
    select: parseVtt,
  });
  const { data: chapters = [] } = useQuery({
    ...textQuery(`${episode.chaptersUrl}${version}`),
    enabled: episode.chaptersUrl !== null,
    select: parseChapters,
  });
  return (
    <div className={styles["listen"]}>
      <audio ref={audio} src={`${episode.audioUrl}${version}`} preload="metadata" />
      <Card className={styles["player"]}>
        <EpisodePlayer media={media} duration={episode.duration} chapters={chapters} />
      </Card>
      <div className={styles["columns"]}>
        <Section title={say("podcasts.transcript")}>
          {transcript.error && (
            <ErrorNote error={transcript.error} onRetry={() => void transcript.refetch()} />
          )}
          {transcript.isPending && !transcript.error && <LoadingRows count={4} height={48} />}
          {transcript.data && (
            <Transcript
              cues={transcript.data}
              time={media.time}
              onSeek={(seconds) => media.seek(seconds, true)}
            />
          )}
        </Section>
        <Section title={say("podcasts.sources")}>
          <ol className={styles["sources"]}>
            {episode.sources.map((source) => (
              <li key={source.position}>
                <SourceName source={source} />
                {source.address && /^https?:/i.test(source.address) && (
                  <a
                    href={source.address}
                    target="_blank"
                    rel="noopener noreferrer"
                    className={styles["site"]}
                  >
                    {hostOf(source.address)}
                  </a>
                )}
              </li>
            ))}
          </ol>
        </Section>
      </div>
    </div>
  );
}

function hostOf(address: string): string {
  try {
    return new URL(address).hostname;
  } catch {
    return address;
  }
}
