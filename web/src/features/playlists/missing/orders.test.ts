import { expect, test } from "vitest";
import type { SongOrder, SongSession, Unmatched } from "@/api/missing";
import { isActive, newestOrders, shareOf, withWords } from "./orders";

const order = (id: number, song: string, status: SongOrder["status"] = "failed"): SongOrder => ({
  id,
  task_id: 1,
  song_id: song,
  title: song,
  artist: "Ada",
  album: null,
  duration: null,
  status,
  reason: null,
  error_message: null,
  url: null,
  download_id: null,
  item_id: null,
  progress: null,
  candidates: [],
  created_at: "2026-01-01T00:00:00Z",
  ended_at: null,
});

const session = (items: SongOrder[], counts: Partial<SongSession> = {}): SongSession => ({
  session_id: 1,
  task_id: 1,
  status: "running",
  total: items.length,
  completed: 0,
  failed: 0,
  cancelled: 0,
  created_at: "2026-01-01T00:00:00Z",
  ended_at: null,
  items,
  ...counts,
});

test("of each song the newest order counts, in whatever order they come", () => {
  const found = newestOrders([
    session([order(7, "a", "searching")]),
    session([order(3, "a"), order(4, "b", "completed")]),
  ]);
  expect([...found].map(([song, { id }]) => [song, id])).toEqual([
    ["a", 7],
    ["b", 4],
  ]);
  expect([...found.values()].map(isActive)).toEqual([true, false]);
});

test("a session is done as far as its songs have ended, in whatever way", () => {
  expect(shareOf(session([], { total: 4, completed: 1, failed: 1, cancelled: 1 }))).toBe(0.75);
  expect(shareOf(session([]))).toBe(1);
});

test("songs are found by words anywhere, whatever their accents and case", () => {
  const song = (title: string, artist: string): Unmatched => ({
    song_id: title,
    title,
    artist,
    artists: [artist],
    album: null,
    duration: null,
    verdict: "missing",
    reasons: [],
    is_decided: false,
    is_available: true,
  });
  const songs = [song("Señorita", "Shawn"), song("晴天", "周杰伦")];
  const titles = (words: string) => withWords(songs, words).map(({ title }) => title);
  expect(titles("senorita SHAWN")).toEqual(["Señorita"]);
  expect(titles("周杰伦")).toEqual(["晴天"]);
  expect(titles(" ")).toEqual(["Señorita", "晴天"]);
  expect(titles("x")).toEqual([]);
});
