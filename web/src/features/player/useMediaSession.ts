import { useEffect, useEffectEvent } from "react";
import type { Track } from "./queue";
import type { Media } from "./useMedia";

interface Keys {
  onNext: () => void;
  onPrevious: () => void;
}

/** Tells the system what is playing, and does what its media keys and its lock screen ask for. */
export function useMediaSession(track: Track, media: Media, { onNext, onPrevious }: Keys): void {
  const session = "mediaSession" in navigator ? navigator.mediaSession : null;
  const act = useEffectEvent(
    (action: MediaSessionAction, { seekTime, seekOffset }: MediaSessionActionDetails) => {
      if (action === "nexttrack") onNext();
      else if (action === "previoustrack") onPrevious();
      else if (action === "seekto") media.seek(seekTime ?? 0);
      else if (action === "seekforward") media.seek(media.time + (seekOffset ?? 10));
      else if (action === "seekbackward") media.seek(media.time - (seekOffset ?? 10));
      else if ((action === "play") !== media.playing) media.toggle();
    },
  );
  useEffect(() => {
    if (!session) return;
    const { title, artist, album, thumbnail_url } = track;
    session.metadata = new MediaMetadata({
      title,
      artist: artist ?? "",
      album: album ?? "",
      artwork: thumbnail_url ? [{ src: thumbnail_url }] : [],
    });
    const actions: MediaSessionAction[] = [
      "play",
      "pause",
      "nexttrack",
      "previoustrack",
      "seekto",
      "seekforward",
      "seekbackward",
    ];
    for (const action of actions) session.setActionHandler(action, (details) => act(action, details));
    return () => {
      session.metadata = null;
      for (const action of actions) session.setActionHandler(action, null);
    };
  }, [session, track]);

  const { playing, duration } = media;
  const second = Math.floor(media.time);
  useEffect(() => {
    if (!session) return;
    session.playbackState = playing ? "playing" : "paused";
    if (duration && duration > 0)
      session.setPositionState({ duration, position: Math.min(second, duration), playbackRate: 1 });
  }, [session, playing, duration, second]);
}
