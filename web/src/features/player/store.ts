import { useSyncExternalStore } from "react";
import type { Item } from "@/api/items";
import { add, EMPTY, play, type Queue, type Track } from "./queue";

/** The one queue of this tab: it outlives screens, so it stands outside of them. */
let queue: Queue = EMPTY;
let lastKey = 0;
const listeners = new Set<() => void>();

export function changeQueue(change: (old: Queue) => Queue): void {
  const changed = change(queue);
  if (changed === queue) return;
  queue = changed;
  for (const tell of listeners) tell();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export const useQueue = (): Queue => useSyncExternalStore(subscribe, () => queue);
/** Whether there is anything to play at all: all that the frame asks. */
export const useHasQueue = (): boolean => useSyncExternalStore(subscribe, () => queue.tracks.length > 0);

function trackOf({ id, title, artist, album, thumbnail_url, duration }: Item): Track {
  lastKey += 1;
  return { key: lastKey, id, title, artist, album, thumbnail_url, duration };
}

/** Plays these instead of what was there. */
export const playItems = (items: readonly Item[], at = 0) =>
  changeQueue((old) => play(old, items.map(trackOf), at));

/** Puts these behind what is playing now, or at the very end. */
export const queueItems = (items: readonly Item[], place: "next" | "last") =>
  changeQueue((old) => add(old, items.map(trackOf), place));

export const clearQueue = () => changeQueue(({ repeat }) => ({ ...EMPTY, repeat }));
