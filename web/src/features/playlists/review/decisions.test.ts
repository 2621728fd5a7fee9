import { describe, expect, test } from "vitest";
import { changed, type Candidate, type Match } from "@/api/review";
import { asSent, decided, nextOpen, proposed, takingBack } from "./decisions";

const track = (id: string): Candidate => ({
  track_id: id,
  title: id,
  artists: ["Ada"],
  album: null,
  duration: 200,
  score: 0.8,
  reasons: ["title_near"],
});

function song(id: number, about: Partial<Match> = {}): Match {
  return {
    song: {
      id,
      position: id,
      song_id: `s${id}`,
      title: `Song ${id}`,
      artists: ["Ada"],
      album: null,
      duration: 200,
      isrc: null,
      url: null,
      is_available: true,
    },
    verdict: "review",
    score: 0.8,
    reasons: ["title_near"],
    is_decided: false,
    track: null,
    candidates: [track("one"), track("two")],
    ...about,
  };
}

describe("a decision", () => {
  test("shows at once, and keeps the candidates for another one", () => {
    const picked = decided(song(1), { choice: "track", track: track("two") });
    expect(picked).toMatchObject({ verdict: "matched", is_decided: true, reasons: ["decided"] });
    expect(picked.track?.track_id).toBe("two");
    expect(picked.candidates).toHaveLength(2);
    expect(decided(picked, { choice: "never" })).toMatchObject({ verdict: "missing", track: null });
  });

  test("against a track proposes the next, until there is none", () => {
    const second = decided(song(1), { choice: "refuse", track: track("one") });
    expect(second).toMatchObject({ verdict: "review", is_decided: false });
    expect(proposed(second)?.track_id).toBe("two");
    expect(decided(second, { choice: "refuse", track: track("two") })).toMatchObject({
      verdict: "missing",
      candidates: [],
    });
  });

  test("is taken back to what held before", () => {
    expect(takingBack(song(1))).toEqual({ choice: "forget" });
    expect(takingBack(decided(song(1), { choice: "never" }))).toEqual({ choice: "never" });
    const one = track("one");
    expect(takingBack(decided(song(1), { choice: "track", track: one }))).toEqual({
      choice: "track",
      track: one,
    });
  });

  test("is sent with its track, and with the server where one was chosen", () => {
    expect(asSent("s1", { choice: "track", track: track("one") }, 3)).toEqual({
      song_id: "s1",
      choice: "track",
      track_id: "one",
      server_id: 3,
    });
    expect(asSent("s1", { choice: "never" }, undefined)).toEqual({ song_id: "s1", choice: "never" });
  });
});

test("after a decision comes the next song that wants one", () => {
  const list = [song(0), song(1, { verdict: "matched" }), song(2, { is_decided: true }), song(3), song(4)];
  expect(nextOpen(list, 0)).toBe(3);
  expect(nextOpen(list, 3)).toBe(4);
  // Nothing is left: simply go on, and stay at the end.
  expect(nextOpen(list.slice(0, 3), 0)).toBe(1);
  expect(nextOpen(list.slice(0, 3), 2)).toBe(2);
});

test("changed rows move the counts; what has not changed stays the very same object", () => {
  const counts = { total: 3, matched: 0, review: 3, missing: 0, waiting: 0 };
  const data = {
    pages: [
      { matches: [song(0), song(1)], next_cursor: "x", counts },
      { matches: [song(2)], next_cursor: null, counts },
    ],
    pageParams: [null, "x"],
  };
  const next = changed(data, (match) =>
    match.song.id === 1 ? decided(match, { choice: "track", track: track("one") }) : match,
  );
  expect(next.pages[0]?.counts).toEqual({ ...counts, matched: 1, review: 2 });
  expect(next.pages[0]?.matches[0]).toBe(data.pages[0]?.matches[0]);
  expect(next.pages[1]).toBe(data.pages[1]);
});
