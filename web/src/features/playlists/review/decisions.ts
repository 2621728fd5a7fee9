import type { Candidate, Decision, Match } from "@/api/review";

/** What somebody says about a song, before the server has heard of it. */
export type Word =
  | { choice: "track"; track: Candidate }
  | { choice: "refuse"; track: Candidate }
  | { choice: "never" }
  | { choice: "forget" };

/** The track that is proposed for a song, or that it was matched with. */
export const proposed = (match: Match): Candidate | null => match.track ?? match.candidates[0] ?? null;

/** What a row becomes at once. The server judges anew later, where that is needed. */
export function decided(match: Match, word: Word): Match {
  switch (word.choice) {
    case "track":
      return {
        ...match,
        verdict: "matched",
        track: word.track,
        score: 1,
        reasons: ["decided"],
        is_decided: true,
      };
    case "never":
      return { ...match, verdict: "missing", track: null, score: 0, reasons: ["decided"], is_decided: true };
    case "refuse":
      return refused(match, word.track.track_id);
    case "forget":
      return { ...match, verdict: "waiting", track: null, score: 0, reasons: [], is_decided: false };
  }
}

function refused(match: Match, track: string): Match {
  const candidates = match.candidates.filter((one) => one.track_id !== track);
  const [next] = candidates;
  return {
    ...match,
    candidates,
    verdict: next ? "review" : "missing",
    track: null,
    score: next?.score ?? 0,
    reasons: next?.reasons ?? ["decided"],
    is_decided: false,
  };
}

/** The word as the server wants it. */
export function asSent(song: string, word: Word, server: number | undefined): Decision {
  const track = "track" in word ? { track_id: word.track.track_id } : {};
  return {
    song_id: song,
    choice: word.choice,
    ...track,
    ...(server === undefined ? {} : { server_id: server }),
  };
}

/** The word that brings back what held before. */
export function takingBack(before: Match): Word {
  if (!before.is_decided) return { choice: "forget" };
  return before.track ? { choice: "track", track: before.track } : { choice: "never" };
}

const isOpen = (match: Match): boolean =>
  !match.is_decided && (match.verdict === "review" || match.verdict === "missing");

/** The row to go on with: the next that wants a word, or else simply the next. */
export function nextOpen(matches: readonly Match[], from: number): number {
  const later = matches.findIndex((match, index) => index > from && isOpen(match));
  return later === -1 ? Math.min(from + 1, matches.length - 1) : later;
}
