import { useEffect, useRef, useState } from "react";

/** A short sound that is played once: a turn, or how a voice sounds. Through Web Audio, since it comes by POST, too. */
export function useSound(onFault: (error: unknown) => void) {
  const [state, setState] = useState<{ key: string; isHeard: boolean } | null>(null);
  const running = useRef<{ stop: () => void } | null>(null);
  useEffect(() => () => running.current?.stop(), []);

  const stop = () => {
    running.current?.stop();
    running.current = null;
    setState(null);
  };
  const play = async (key: string, load: (signal: AbortSignal) => Promise<ArrayBuffer>) => {
    stop();
    const aborted = new AbortController();
    // Made within the click: browsers let nothing be heard that nobody asked for.
    const context = new AudioContext();
    const own = {
      stop: () => {
        aborted.abort();
        if (context.state !== "closed") void context.close();
      },
    };
    running.current = own;
    setState({ key, isHeard: false });
    try {
      const sound = await context.decodeAudioData(await load(aborted.signal));
      const source = context.createBufferSource();
      source.buffer = sound;
      source.connect(context.destination);
      source.onended = () => running.current === own && stop();
      source.start();
      if (running.current === own) setState({ key, isHeard: true });
    } catch (error) {
      if (aborted.signal.aborted) return;
      stop();
      onFault(error);
    }
  };
  return {
    loading: state !== null && !state.isHeard ? state.key : null,
    playing: state?.isHeard ? state.key : null,
    /** Plays this, or ends it if it is what plays. */
    toggle: (key: string, load: (signal: AbortSignal) => Promise<ArrayBuffer>) =>
      state?.key === key ? stop() : void play(key, load),
    stop,
  };
}

export type Sound = ReturnType<typeof useSound>;
