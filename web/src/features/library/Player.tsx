import { ActionIcon, Button } from "@mantine/core";
import { useRef, useState } from "react";
import type { Item, ItemFile } from "@/api/items";
import { ChoiceField } from "@/components/ChoiceField";
import { IconFullscreen, IconMusic, IconPause, IconPlay, IconQueueAdd, IconWindow } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { SeekBar } from "../player/SeekBar";
import { playItems, queueItems } from "../player/store";
import { useMedia } from "../player/useMedia";
import { languageOf, subtitlesAddress } from "./files";
import styles from "./Player.module.css";

const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2] as const;

interface VideoProps {
  item: Item;
  file: ItemFile;
  subtitles: readonly ItemFile[];
}

/** A video. The browser's own controls, but where the server makes the stream: those cannot jump in it. */
export function VideoPlayer({ item, file, subtitles }: VideoProps) {
  const { say } = useI18n();
  const video = useRef<HTMLVideoElement>(null);
  const [speed, setSpeed] = useState(1);
  const { id, duration } = item;
  const media = useMedia(video, { id, duration, isVideo: true, autoplay: false });
  const { streams, playing } = media;
  const setRate = (rate: number) => {
    setSpeed(rate);
    if (video.current) video.current.defaultPlaybackRate = video.current.playbackRate = rate;
  };
  const icon = { variant: "default", size: "lg" } as const;
  return (
    <div className={styles["stage"]}>
      <video
        ref={video}
        className={styles["video"]}
        poster={item.thumbnail_url ?? undefined}
        width={file.width ?? 16}
        height={file.height ?? 9}
        controls={!streams}
        playsInline
        preload="metadata"
        aria-label={say("item.play", { title: item.title })}
        onClick={streams ? media.toggle : undefined}
      >
        {subtitles.map((subtitle) => (
          <track
            key={subtitle.id}
            kind="captions"
            src={subtitlesAddress(item, subtitle)}
            srcLang={languageOf(subtitle)}
            label={languageOf(subtitle) ?? say("role.subtitle")}
          />
        ))}
      </video>
      <div className={styles["controls"]}>
        {streams && (
          <>
            <ActionIcon
              {...icon}
              aria-label={say(playing ? "player.pause" : "player.play")}
              onClick={media.toggle}
            >
              {playing ? <IconPause size={20} aria-hidden /> : <IconPlay size={20} aria-hidden />}
            </ActionIcon>
            <SeekBar time={media.time} duration={media.duration} onSeek={media.seek} />
          </>
        )}
        <ChoiceField
          label={say("player.speed")}
          value={String(speed)}
          options={SPEEDS.map((each) => [String(each), `${each}×`] as const)}
          onChange={(value) => setRate(Number(value))}
        />
        {document.pictureInPictureEnabled && (
          <ActionIcon
            {...icon}
            aria-label={say("player.window")}
            onClick={() => void video.current?.requestPictureInPicture().catch(() => undefined)}
          >
            <IconWindow size={20} aria-hidden />
          </ActionIcon>
        )}
        {streams && (
          <ActionIcon
            {...icon}
            aria-label={say("player.fullscreen")}
            onClick={() => void video.current?.requestFullscreen().catch(() => undefined)}
          >
            <IconFullscreen size={20} aria-hidden />
          </ActionIcon>
        )}
      </div>
      {streams && <p className={styles["note"]}>{say("player.streams")}</p>}
      {media.broken && <ErrorNote error={say("item.unplayable")} />}
    </div>
  );
}

/** A sound: it plays in the player below, which stays when one goes elsewhere. */
export function AudioPlayer({ item }: { item: Item }) {
  const { say } = useI18n();
  const add = (place: "next" | "last") => () => queueItems([item], place);
  return (
    <div className={styles["audio"]}>
      <Picture
        address={item.thumbnail_url}
        fallback={<IconMusic size={64} aria-hidden />}
        className={styles["cover"]}
      />
      <div className={styles["buttons"]}>
        <Button size="md" leftSection={<IconPlay size={20} aria-hidden />} onClick={() => playItems([item])}>
          {say("player.play")}
        </Button>
        <Button variant="default" leftSection={<IconQueueAdd size={18} aria-hidden />} onClick={add("next")}>
          {say("player.playNext")}
        </Button>
        <Button variant="default" onClick={add("last")}>
          {say("player.playLast")}
        </Button>
      </div>
    </div>
  );
}
