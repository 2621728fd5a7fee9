import { ActionIcon } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useEffect, useRef, useState, type RefObject } from "react";
import {
  IconList,
  IconMusic,
  IconPause,
  IconPlay,
  IconPrevious,
  IconRepeat,
  IconRepeatOne,
  IconShuffle,
  IconSkip,
  IconX,
} from "@/components/icons";
import { Picture } from "@/components/Picture";
import { useI18n } from "@/i18n";
import styles from "./PlayerBar.module.css";
import { current, next, previous, REPEATS, shuffle, type Queue, type Track } from "./queue";
import { QueueDialog } from "./QueueDialog";
import { SeekBar } from "./SeekBar";
import { changeQueue, clearQueue, useQueue } from "./store";
import { useMedia } from "./useMedia";
import { useMediaSession } from "./useMediaSession";

const goOn = (ended: boolean) => changeQueue((old) => next(old, ended) ?? old);
const goBack = () => changeQueue(previous);
const repeatOn = (old: Queue): Queue => ({
  ...old,
  repeat: REPEATS[(REPEATS.indexOf(old.repeat) + 1) % REPEATS.length] ?? "off",
});

/** The one player of sound: it stays while one goes from screen to screen. */
export default function PlayerBar() {
  const { say } = useI18n();
  // One element for all tracks: what a person has begun once may go on by itself.
  const audio = useRef<HTMLAudioElement>(null);
  const queue = useQueue();
  const track = current(queue);
  return (
    <section className={styles["bar"]} aria-label={say("player.label")} data-player>
      <audio ref={audio} preload="auto" />
      {track && <Playing key={track.key} audio={audio} track={track} queue={queue} />}
    </section>
  );
}

interface PlayingProps {
  audio: RefObject<HTMLAudioElement | null>;
  track: Track;
  queue: Queue;
}

function Playing({ audio, track, queue }: PlayingProps) {
  const { say } = useI18n();
  const [open, setOpen] = useState(false);
  const onEnded = () => {
    if (queue.repeat === "one" || (queue.repeat === "all" && queue.tracks.length === 1)) {
      media.seek(0);
      if (audio.current?.paused) media.toggle();
    } else goOn(true);
  };
  const { id, duration } = track;
  const media = useMedia(audio, { id, duration, isVideo: false, autoplay: true, onEnded });
  const { time, playing, broken, toggle, seek } = media;
  const back = () => (time > 3 ? seek(0) : goBack());
  useMediaSession(track, media, { onNext: () => goOn(false), onPrevious: back });
  const { repeat } = queue;
  // What cannot be played does not hold up the rest.
  useEffect(() => {
    if (!broken) return;
    const timer = setTimeout(() => goOn(true), 3000);
    return () => clearTimeout(timer);
  }, [broken]);
  const icon = { variant: "subtle", color: "gray", size: "lg", className: styles["button"] } as const;
  const extra = { ...icon, className: `${styles["button"]} ${styles["extra"]}` } as const;
  return (
    <>
      <Link to="/library/$id" params={{ id }} className={styles["track"]}>
        <Picture
          address={track.thumbnail_url}
          fallback={<IconMusic size={20} aria-hidden />}
          className={styles["cover"]}
        />
        <span className={styles["names"]}>
          <span className={styles["title"]} dir="auto">
            {track.title}
          </span>
          <span className={styles["artist"]} dir="auto" role="status">
            {broken ? say("player.broken") : track.artist}
          </span>
        </span>
      </Link>
      <div className={styles["keys"]}>
        <ActionIcon {...extra} aria-label={say("player.previous")} onClick={back}>
          <IconPrevious size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon
          size="xl"
          radius="xl"
          aria-label={say(playing ? "player.pause" : "player.play")}
          onClick={toggle}
        >
          {playing ? <IconPause size={22} aria-hidden /> : <IconPlay size={22} aria-hidden />}
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("player.next")} onClick={() => goOn(false)}>
          <IconSkip size={20} aria-hidden />
        </ActionIcon>
      </div>
      <div className={styles["seek"]}>
        <SeekBar id={id} time={time} duration={media.duration} onSeek={seek} />
      </div>
      <div className={styles["keys"]}>
        <ActionIcon
          {...extra}
          aria-label={say("player.shuffle")}
          aria-pressed={queue.unshuffled !== null}
          onClick={() => changeQueue((old) => shuffle(old))}
        >
          <IconShuffle size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon
          {...extra}
          aria-label={say(`player.repeat.${repeat}`)}
          aria-pressed={repeat !== "off"}
          onClick={() => changeQueue(repeatOn)}
        >
          {repeat === "one" ? <IconRepeatOne size={20} aria-hidden /> : <IconRepeat size={20} aria-hidden />}
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("player.queue")} onClick={() => setOpen(true)}>
          <IconList size={20} aria-hidden />
        </ActionIcon>
        <ActionIcon {...icon} aria-label={say("player.close")} onClick={clearQueue}>
          <IconX size={20} aria-hidden />
        </ActionIcon>
      </div>
      {open && <QueueDialog queue={queue} onClose={() => setOpen(false)} />}
    </>
  );
}
