import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useEffectEvent, useState, type RefObject } from "react";
import { changeItems } from "@/api/items";
import { planQuery, playbackQuery, savePlayback, type PlaybackPlan } from "@/api/playing";
import { ownAbilities } from "./abilities";
import { resumeAt, Saver } from "./saver";

interface Options {
  id: number;
  /** Seconds, as the library knows it. */
  duration: number | null;
  isVideo: boolean;
  /** Begins by itself as soon as it can. */
  autoplay: boolean;
  onEnded?: () => void;
}

/** What is to be played from a moment on: a stream begins there, a file is moved there. */
export function addressOf({ url, seeking }: PlaybackPlan, from: number): string | null {
  if (url === null || seeking !== "start" || from <= 0) return url;
  return `${url}${url.includes("?") ? "&" : "?"}start=${Math.floor(from)}`;
}

const goTo = (player: HTMLMediaElement, seconds: number) => {
  player.currentTime = seconds;
};
const load = (player: HTMLMediaElement, address: string) => {
  player.src = address;
};

/**
 * Plays an item in an audio or video element: by the address that suits the browser, from where it was left,
 * and tells the server where it is.
 */
export function useMedia(
  element: RefObject<HTMLMediaElement | null>,
  { id, duration: known, isVideo, autoplay, onEnded }: Options,
) {
  const queries = useQueryClient();
  const { data: plan, error } = useQuery(planQuery(id, ownAbilities()));
  const { data: played, isPending: asking } = useQuery(playbackQuery(id));
  const [sought, setSought] = useState<number | null>(null);
  const [time, setTime] = useState(0);
  const [playing, setPlaying] = useState(false);
  const [broken, setBroken] = useState(false);
  const duration = plan?.duration ?? known;
  const resumed = asking ? null : (resumeAt(played ?? null, duration, isVideo) ?? 0);
  const from = sought ?? resumed;
  const streams = plan?.seeking === "start";
  // A file is moved, a stream begins anew: only that is another address.
  const address = plan && from !== null ? addressOf(plan, streams ? from : 0) : null;

  const begin = useEffectEvent((player: HTMLMediaElement) => {
    if (!streams && resumed) goTo(player, resumed);
  });
  const now = useEffectEvent((player: HTMLMediaElement) => player.currentTime + (streams ? (from ?? 0) : 0));
  const save = useEffectEvent((position: number, options: { finished?: boolean; leaving?: boolean }) => {
    savePlayback(id, position, options).then(
      (playback) => changeItems(queries, new Set([id]), (item) => ({ ...item, playback })),
      // The next one may get through; who listens is not to be bothered.
      () => undefined,
    );
  });
  const end = useEffectEvent((player: HTMLMediaElement) => {
    save(now(player), { finished: true });
    onEnded?.();
  });
  const begins = useEffectEvent(() => autoplay || sought !== null);

  useEffect(() => {
    const player = element.current;
    if (player === null || address === null) return;
    const saver = new Saver((position, leaving) => save(position, { leaving }));
    const stop = new AbortController();
    const on = (name: string, act: () => void) => player.addEventListener(name, act, { signal: stop.signal });
    on("loadedmetadata", () => begin(player));
    on("timeupdate", () => {
      setTime(now(player));
      if (!player.paused) saver.tick(now(player));
    });
    on("play", () => setPlaying(true));
    on("pause", () => {
      setPlaying(false);
      if (!player.ended) saver.flush(now(player));
    });
    on("ended", () => end(player));
    on("error", () => setBroken(true));
    addEventListener("pagehide", () => saver.flush(now(player), true), { signal: stop.signal });
    load(player, address);
    // Refused where nobody has touched the page yet: then the button plays.
    if (begins()) player.play().catch(() => undefined);
    return () => {
      if (!player.ended && player.currentTime > 0) saver.flush(now(player));
      stop.abort();
      player.pause();
    };
  }, [element, address]);

  return {
    time,
    duration,
    playing,
    streams,
    broken: broken || error !== null || plan?.way === "none",
    toggle: () => {
      const player = element.current;
      if (player?.paused) player.play().catch(() => setBroken(true));
      else player?.pause();
    },
    seek: (seconds: number) => {
      const to = Math.max(0, duration === null ? seconds : Math.min(seconds, duration));
      setTime(to);
      if (streams) setSought(to);
      else if (element.current) goTo(element.current, to);
    },
  };
}

export type Media = ReturnType<typeof useMedia>;
