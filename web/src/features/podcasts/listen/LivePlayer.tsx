import { Button } from "@mantine/core";
import { useRef, useState } from "react";
import { Card } from "@/components/Card";
import { IconLive, IconPause, IconPlay } from "@/components/icons";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import styles from "./Listen.module.css";

/** What can be heard of an episode while the rest of it is being made. */
export function LivePlayer({ address, title }: { address: string; title: string }) {
  const { say } = useI18n();
  const audio = useRef<HTMLAudioElement>(null);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const toggle = () => {
    const player = audio.current;
    if (!player?.paused) return player?.pause();
    setBroken(false);
    player.play().catch(() => setBroken(true));
  };
  return (
    <Card>
      <audio
        ref={audio}
        src={address}
        preload="none"
        onPlay={() => setPlaying(true)}
        onPause={() => setPlaying(false)}
        onError={() => setBroken(true)}
      />
      <div className={styles["live"]}>
        <Button
          leftSection={playing ? <IconPause size={18} aria-hidden /> : <IconPlay size={18} aria-hidden />}
          aria-label={say(playing ? "podcasts.live.pauseNamed" : "podcasts.live.playNamed", { title })}
          onClick={toggle}
        >
          {say(playing ? "podcasts.player.pause" : "podcasts.live.play")}
        </Button>
        <p className={styles["liveNote"]}>
          <IconLive size={18} aria-hidden />
          <span>{say("podcasts.live.note")}</span>
        </p>
      </div>
      {broken && <ErrorNote error={say("podcasts.live.broken")} />}
    </Card>
  );
}
