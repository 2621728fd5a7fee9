import { useRef, useState, type SyntheticEvent } from "react";
import { fileAddress, type Item, type ItemFile } from "@/api/items";
import { IconMusic } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { ErrorNote } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { languageOf } from "./files";
import styles from "./Player.module.css";
import { forget, recall, remember } from "./position";

interface PlayerProps {
  item: Item;
  file: ItemFile;
  subtitles?: readonly ItemFile[];
}

/** How often the position is kept while playing, in seconds. */
const KEEP_EVERY = 5;

/** Goes on where it was left, and says so when the browser cannot play it. */
function usePlayer(item: Item) {
  const { say, clock } = useI18n();
  const { tell } = useToasts();
  const [unplayable, setUnplayable] = useState(false);
  const kept = useRef(0);
  const keep = (event: SyntheticEvent<HTMLMediaElement>) => {
    kept.current = event.currentTarget.currentTime;
    remember(item.id, kept.current);
  };
  return {
    unplayable,
    handlers: {
      onLoadedMetadata: ({ currentTarget: player }: SyntheticEvent<HTMLMediaElement>) => {
        const seconds = recall(item.id, player.duration);
        if (seconds === null) return;
        player.currentTime = seconds;
        tell(say("item.resumed", { time: clock(seconds) }));
      },
      onTimeUpdate: (event: SyntheticEvent<HTMLMediaElement>) => {
        if (Math.abs(event.currentTarget.currentTime - kept.current) >= KEEP_EVERY) keep(event);
      },
      onPause: keep,
      onEnded: () => forget(item.id),
      onError: () => setUnplayable(true),
    },
  };
}

export function VideoPlayer({ item, file, subtitles = [] }: PlayerProps) {
  const { say } = useI18n();
  const { unplayable, handlers } = usePlayer(item);
  return (
    <div>
      <video
        className={styles["video"]}
        src={fileAddress(item, file)}
        poster={item.thumbnail_url ?? undefined}
        width={file.width ?? 16}
        height={file.height ?? 9}
        controls
        playsInline
        preload="metadata"
        aria-label={say("item.play", { title: item.title })}
        {...handlers}
      >
        {subtitles.map((subtitle) => (
          <track
            key={subtitle.id}
            kind="captions"
            src={fileAddress(item, subtitle)}
            srcLang={languageOf(subtitle)}
            label={languageOf(subtitle) ?? say("role.subtitle")}
          />
        ))}
      </video>
      {unplayable && <Unplayable />}
    </div>
  );
}

export function AudioPlayer({ item, file }: PlayerProps) {
  const { say } = useI18n();
  const { unplayable, handlers } = usePlayer(item);
  return (
    <div>
      <div className={styles["audio"]}>
        <Picture
          address={item.thumbnail_url}
          fallback={<IconMusic size={64} aria-hidden />}
          className={styles["cover"]}
        />
        <audio
          src={fileAddress(item, file)}
          controls
          preload="metadata"
          aria-label={say("item.play", { title: item.title })}
          {...handlers}
        />
      </div>
      {unplayable && <Unplayable />}
    </div>
  );
}

function Unplayable() {
  const { say } = useI18n();
  return (
    <div className={styles["problem"]}>
      <ErrorNote error={say("item.unplayable")} />
    </div>
  );
}
