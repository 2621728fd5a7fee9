/** A part of a recording with a name; seconds from its beginning. */
export interface Chapter {
  title: string;
  start: number;
  /** Where it can be read; null where there is no such place. */
  address: string | null;
}

/** Reads chapters in JSON as podcast apps know them; what does not fit is left out. */
export function parseChapters(text: string): Chapter[] {
  let list: unknown;
  try {
    list = (JSON.parse(text) as { chapters?: unknown } | null)?.chapters;
  } catch {
    return [];
  }
  if (!Array.isArray(list)) return [];
  return list
    .flatMap((each: unknown) => {
      const { startTime, title, url } = (each ?? {}) as Record<string, unknown>;
      if (typeof startTime !== "number" || typeof title !== "string") return [];
      const address = typeof url === "string" && /^https?:\/\//i.test(url) ? url : null;
      return [{ title, start: startTime, address }];
    })
    .sort((one, other) => one.start - other.start);
}

/** The chapters as shares of the whole, for a bar; without chapters one for all. */
export function sharesOf(chapters: readonly Chapter[], duration: number): { from: number; to: number }[] {
  if (duration <= 0) return [];
  const starts = chapters.map(({ start }) => Math.min(1, start / duration));
  if (starts.length === 0 || (starts[0] ?? 0) > 0) starts.unshift(0);
  return starts.map((from, at) => ({ from, to: starts[at + 1] ?? 1 }));
}
