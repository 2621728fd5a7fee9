import type { SongOrder, SongSession, Unmatched } from "@/api/missing";

/** Of each song its newest order, from sessions that come newest first. */
export function newestOrders(sessions: readonly SongSession[]): Map<string, SongOrder> {
  const found = new Map<string, SongOrder>();
  for (const { items } of sessions)
    for (const order of items) {
      const known = found.get(order.song_id);
      if (known === undefined || known.id < order.id) found.set(order.song_id, order);
    }
  return found;
}

export const isActive = ({ status }: Pick<SongOrder, "status">): boolean =>
  status === "pending" || status === "searching" || status === "downloading";

/** How much of a session is done, from 0 to 1. */
export function shareOf({ total, completed, failed, cancelled }: SongSession): number {
  return total === 0 ? 1 : (completed + failed + cancelled) / total;
}

const folded = (text: string) => text.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** The songs that hold all words somewhere in title, artist or album, each place of a song once. */
export function withWords(songs: readonly Unmatched[], words: string): Unmatched[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  return songs.filter(({ title, artist, album }) => {
    const text = folded(`${title} ${artist} ${album ?? ""}`);
    return wanted.every((word) => text.includes(word));
  });
}
