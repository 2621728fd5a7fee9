/** What is played, and what comes after it. Pure: the player does what it says. */
export interface Track {
  /** Of its place in the queue: the same song may stand there twice. */
  key: number;
  id: number;
  title: string;
  artist: string | null;
  album: string | null;
  thumbnail_url: string | null;
  duration: number | null;
}

export type Repeat = "off" | "all" | "one";
export const REPEATS: readonly Repeat[] = ["off", "all", "one"];

export interface Queue {
  tracks: readonly Track[];
  /** Which of them is playing; -1 in an empty queue. */
  at: number;
  repeat: Repeat;
  /** The order from before shuffling; null while it is not shuffled. */
  unshuffled: readonly Track[] | null;
}

export const EMPTY: Queue = { tracks: [], at: -1, repeat: "off", unshuffled: null };

export const current = ({ tracks, at }: Queue): Track | null => tracks[at] ?? null;

/** These instead of all that was there, from one of them on. */
export const play = (old: Queue, tracks: readonly Track[], at = 0): Queue => ({
  ...old,
  tracks,
  at: tracks.length === 0 ? -1 : Math.min(at, tracks.length - 1),
  unshuffled: null,
});

export function add(old: Queue, tracks: readonly Track[], place: "next" | "last"): Queue {
  if (old.at < 0) return play(old, tracks);
  const put = (list: readonly Track[], at: number) => [...list.slice(0, at), ...tracks, ...list.slice(at)];
  const { unshuffled } = old;
  const here = unshuffled?.findIndex(({ key }) => key === current(old)?.key) ?? 0;
  return {
    ...old,
    tracks: put(old.tracks, place === "next" ? old.at + 1 : old.tracks.length),
    unshuffled: unshuffled && put(unshuffled, place === "next" ? here + 1 : unshuffled.length),
  };
}

/** The track after this one; null if that was the last. `ended`: the track came to its end by itself. */
export function next(old: Queue, ended = false): Queue | null {
  if (ended && old.repeat === "one") return old;
  if (old.at + 1 < old.tracks.length) return { ...old, at: old.at + 1 };
  return old.repeat === "off" || old.tracks.length === 0 ? null : { ...old, at: 0 };
}

export function previous(old: Queue): Queue {
  if (old.at > 0) return { ...old, at: old.at - 1 };
  return old.repeat === "all" ? { ...old, at: old.tracks.length - 1 } : old;
}

export function jump(old: Queue, key: number): Queue {
  const at = old.tracks.findIndex((track) => track.key === key);
  return at < 0 ? old : { ...old, at };
}

/** Takes one out. What is playing gives way to the track after it. */
export function remove(old: Queue, key: number): Queue {
  const gone = old.tracks.findIndex((track) => track.key === key);
  if (gone < 0) return old;
  const rest = (list: readonly Track[]) => list.filter((track) => track.key !== key);
  const tracks = rest(old.tracks);
  const at = gone < old.at ? old.at - 1 : Math.min(old.at, tracks.length - 1);
  return { ...old, tracks, at, unshuffled: old.unshuffled && rest(old.unshuffled) };
}

/** Moves one up (-1) or down (1) by one place; what is playing goes on playing. */
export function move(old: Queue, key: number, by: -1 | 1): Queue {
  const from = old.tracks.findIndex((track) => track.key === key);
  const one = old.tracks[from];
  const other = old.tracks[from + by];
  if (!one || !other) return old;
  const tracks = old.tracks.map((track, at) => (at === from ? other : at === from + by ? one : track));
  const playing = current(old)?.key;
  return { ...old, tracks, at: tracks.findIndex((track) => track.key === playing) };
}

/** Mixes what comes after this track, with this one first; or puts all back as it was. */
export function shuffle(old: Queue, random: () => number = Math.random): Queue {
  const playing = current(old);
  if (!playing) return old;
  if (old.unshuffled) {
    const at = old.unshuffled.findIndex(({ key }) => key === playing.key);
    return { ...old, tracks: old.unshuffled, at, unshuffled: null };
  }
  const rest = old.tracks.filter((track) => track !== playing);
  for (let last = rest.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    const [a, b] = [rest[last], rest[other]];
    if (a && b) [rest[last], rest[other]] = [b, a];
  }
  return { ...old, tracks: [playing, ...rest], at: 0, unshuffled: old.tracks };
}
