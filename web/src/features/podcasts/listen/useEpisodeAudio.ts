import { useEffect, useState, type RefObject } from "react";

const goTo = (player: HTMLMediaElement, seconds: number) => {
  player.currentTime = seconds;
};
const speed = (player: HTMLMediaElement, rate: number) => {
  player.playbackRate = rate;
};

const STORED = "magpie.podcast.at.";
const SAVE_EVERY_S = 5;

/** Plays an episode in an audio element, from where it was left in this browser. */
export function useEpisodeAudio(element: RefObject<HTMLAudioElement | null>, id: string) {
  const [time, setTime] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const [rate, setRate] = useState(1);

  useEffect(() => {
    const player = element.current;
    if (player === null) return;
    const stop = new AbortController();
    const on = (name: string, act: () => void) => player.addEventListener(name, act, { signal: stop.signal });
    let saved = 0;
    let frame = 0;
    const save = (seconds: number) => {
      saved = seconds;
      write(id, seconds);
    };
    // The browser tells the time four times a second: too seldom for words.
    const follow = () => {
      setTime(player.currentTime);
      frame = requestAnimationFrame(follow);
    };
    on("loadedmetadata", () => {
      const left = read(id);
      if (left > 0 && left < player.duration - 3) {
        goTo(player, left);
        setTime(left);
      }
    });
    on("timeupdate", () => {
      if (player.paused) setTime(player.currentTime);
      if (Math.abs(player.currentTime - saved) >= SAVE_EVERY_S) save(player.currentTime);
    });
    on("play", () => {
      setPlaying(true);
      cancelAnimationFrame(frame);
      follow();
    });
    on("pause", () => {
      setPlaying(false);
      cancelAnimationFrame(frame);
      save(player.currentTime);
    });
    on("ended", () => save(0));
    on("error", () => setBroken(true));
    on("ratechange", () => setRate(player.playbackRate));
    return () => {
      if (player.currentTime > 0 && !player.ended) write(id, player.currentTime);
      stop.abort();
      cancelAnimationFrame(frame);
      player.pause();
    };
  }, [element, id]);

  return {
    time,
    playing,
    broken,
    rate,
    toggle: () => {
      const player = element.current;
      if (player?.paused) player.play().catch(() => setBroken(true));
      else player?.pause();
    },
    /** `play`: goes on from there, also if it was paused. */
    seek: (seconds: number, play = false) => {
      const player = element.current;
      if (player === null) return;
      goTo(player, Math.max(0, seconds));
      setTime(player.currentTime);
      if (play && player.paused) player.play().catch(() => setBroken(true));
    },
    setRate: (wanted: number) => {
      if (element.current) speed(element.current, wanted);
    },
  };
}

export type EpisodeMedia = ReturnType<typeof useEpisodeAudio>;

function read(id: string): number {
  try {
    return Number(localStorage.getItem(STORED + id)) || 0;
  } catch {
    return 0;
  }
}

function write(id: string, seconds: number): void {
  try {
    if (seconds > 0) localStorage.setItem(STORED + id, seconds.toFixed(1));
    else localStorage.removeItem(STORED + id);
  } catch {
    // Storage may be forbidden: it then begins anew.
  }
}
