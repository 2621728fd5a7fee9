import { useDebouncedCallback } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { waveformQuery } from "@/api/playing";
import { useI18n } from "@/i18n";
import { heights, pathOf } from "./peaks";
import styles from "./SeekBar.module.css";

const BARS = 160;
/** A hand that rests for so long, in milliseconds, has arrived: where the server makes the stream, each place is a new one. */
const ARRIVED_MS = 180;

interface SeekBarProps {
  /** Of the item whose waveform is shown; none for video. */
  id?: number;
  time: number;
  duration: number | null;
  onSeek: (seconds: number) => void;
}

/** Where playing is, over the waveform, and the way to another place. */
export function SeekBar({ id, time, duration, onSeek }: SeekBarProps) {
  const { say, clock } = useI18n();
  const { data } = useQuery({ ...waveformQuery(id ?? 0), enabled: id !== undefined, retry: false });
  const bars = useMemo(() => heights(data?.data ?? [], BARS), [data]);
  const path = useMemo(() => pathOf(bars), [bars]);
  // Where the handle is being drawn to; until then what plays goes on.
  const [wish, setWish] = useState<number | null>(null);
  const arrive = useDebouncedCallback((seconds: number) => {
    setWish(null);
    onSeek(seconds);
  }, ARRIVED_MS);
  const at = wish ?? time;
  const share = duration ? Math.min(1, at / duration) : 0;
  const wave = (name: string, clip?: string) => (
    <svg
      className={`${styles["wave"]} ${styles[name]}`}
      viewBox={`0 0 ${bars.length || 1} 2`}
      preserveAspectRatio="none"
      aria-hidden
      style={clip ? { clipPath: clip } : {}}
    >
      <path d={path || "M0 .9h1v.2h-1z"} />
    </svg>
  );
  return (
    <div className={styles["seek"]}>
      <span className={styles["time"]}>{clock(Math.floor(at))}</span>
      <div className={styles["track"]}>
        {wave("rest")}
        {wave("done", `inset(0 ${100 - share * 100}% 0 0)`)}
        <input
          type="range"
          className={styles["range"]}
          aria-label={say("player.seek")}
          aria-valuetext={say("player.at", { time: clock(at), duration: clock(duration ?? 0) })}
          min={0}
          max={Math.max(1, duration ?? 1)}
          step={1}
          disabled={!duration}
          value={Math.floor(at)}
          onChange={(event) => {
            const wanted = Number(event.currentTarget.value);
            setWish(wanted);
            arrive(wanted);
          }}
        />
      </div>
      <span className={styles["time"]}>{duration ? clock(duration) : ""}</span>
    </div>
  );
}
