import { ActionIcon } from "@mantine/core";
import { ChoiceField } from "@/components/ChoiceField";
import { IconBackward, IconForward, IconPause, IconPlay } from "@/components/icons";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { sharesOf, type Chapter } from "./chapters";
import styles from "./Listen.module.css";
import type { EpisodeMedia } from "./useEpisodeAudio";
import { indexAt } from "./vtt";

const SPEEDS = [0.75, 1, 1.25, 1.5, 1.75, 2] as const;
const BACK_S = 15;
const ON_S = 30;

interface EpisodePlayerProps {
  media: EpisodeMedia;
  duration: number;
  chapters: readonly Chapter[];
}

/** The player of an episode: a bar in chapters, and the chapters by name below it. */
export function EpisodePlayer({ media, duration, chapters }: EpisodePlayerProps) {
  const { say, clock } = useI18n();
  const { time, playing, rate } = media;
  const now = indexAt(chapters, time);
  const icon = { variant: "subtle", color: "gray", size: "lg" } as const;
  return (
    <>
      <div className={styles["controls"]}>
        <ActionIcon
          {...icon}
          aria-label={say("podcasts.player.back", { seconds: BACK_S })}
          onClick={() => media.seek(time - BACK_S)}
        >
          <IconBackward size={22} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="xl"
          radius="xl"
          aria-label={say(playing ? "podcasts.player.pause" : "podcasts.player.play")}
          onClick={media.toggle}
        >
          {playing ? <IconPause size={24} aria-hidden /> : <IconPlay size={24} aria-hidden />}
        </ActionIcon>
        <ActionIcon
          {...icon}
          aria-label={say("podcasts.player.on", { seconds: ON_S })}
          onClick={() => media.seek(time + ON_S)}
        >
          <IconForward size={22} aria-hidden />
        </ActionIcon>
        <Bar media={media} duration={duration} chapters={chapters} />
        <div className={styles["speed"]}>
          <ChoiceField
            label={say("podcasts.player.speed")}
            value={String(rate)}
            options={SPEEDS.map((each) => [String(each), `${each}×`] as const)}
            onChange={(value) => media.setRate(Number(value))}
          />
        </div>
      </div>
      {media.broken && <ErrorNote error={say("podcasts.player.broken")} />}
      {chapters.length > 1 && (
        <ol className={styles["chapters"]} aria-label={say("podcasts.chapters")}>
          {chapters.map((chapter, at) => (
            <li key={at}>
              <button
                type="button"
                className={styles["chapter"]}
                aria-current={at === now ? "true" : undefined}
                onClick={() => media.seek(chapter.start, true)}
              >
                <span className={styles["time"]}>{clock(Math.floor(chapter.start))}</span>
                <span dir="auto">{chapter.title}</span>
              </button>
              {chapter.address && (
                <a
                  href={chapter.address}
                  target="_blank"
                  rel="noopener noreferrer"
                  className={styles["site"]}
                >
                  {say("podcasts.source.open")}
                </a>
              )}
            </li>
          ))}
        </ol>
      )}
    </>
  );
}

function Bar({ media, duration, chapters }: EpisodePlayerProps) {
  const { say, clock } = useI18n();
  const { time } = media;
  const share = duration > 0 ? Math.min(1, time / duration) : 0;
  return (
    <div className={styles["seek"]}>
      <span className={styles["time"]}>{clock(Math.floor(time))}</span>
      <div className={styles["track"]}>
        <div className={styles["parts"]} aria-hidden>
          {sharesOf(chapters, duration).map(({ from, to }) => (
            <span key={from} className={styles["part"]} style={{ flexGrow: to - from }}>
              <span
                className={styles["fill"]}
                style={{
                  transform: `scaleX(${Math.min(1, Math.max(0, (share - from) / (to - from || 1)))})`,
                }}
              />
            </span>
          ))}
        </div>
        <input
          type="range"
          className={styles["range"]}
          aria-label={say("podcasts.player.seek")}
          aria-valuetext={say("podcasts.player.at", { time: clock(time), duration: clock(duration) })}
          min={0}
          max={Math.max(1, Math.floor(duration))}
          step={1}
          value={Math.floor(time)}
          onChange={(event) => media.seek(Number(event.currentTarget.value))}
        />
      </div>
      <span className={styles["time"]}>{clock(duration)}</span>
    </div>
  );
}
