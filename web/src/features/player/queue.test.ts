import { describe, expect, test } from "vitest";
import { add, current, EMPTY, jump, move, next, play, previous, remove, shuffle, type Track } from "./queue";

const track = (key: number): Track => ({
  key,
  id: key * 10,
  title: `Track ${key}`,
  artist: null,
  album: null,
  thumbnail_url: null,
  duration: 60,
});
const keys = (queue: typeof EMPTY) => queue.tracks.map(({ key }) => key);
const three = play(EMPTY, [1, 2, 3].map(track), 1);

test("an empty queue plays what is put into it", () => {
  expect(current(EMPTY)).toBeNull();
  expect(current(add(EMPTY, [track(5)], "last"))?.key).toBe(5);
  expect(next(EMPTY)).toBeNull();
});

test("next comes right after this one, last at the end", () => {
  expect(keys(add(three, [track(8), track(9)], "next"))).toEqual([1, 2, 8, 9, 3]);
  expect(keys(add(three, [track(8)], "last"))).toEqual([1, 2, 3, 8]);
});

describe("going on", () => {
  test("ends after the last one, or begins anew", () => {
    const last = jump(three, 3);
    expect(next(last, true)).toBeNull();
    expect(next({ ...last, repeat: "all" }, true)?.at).toBe(0);
  });
  test("repeating one is for what ends by itself, not for whoever wants the next", () => {
    const one = { ...three, repeat: "one" } as const;
    expect(next(one, true)?.at).toBe(1);
    expect(next(one)?.at).toBe(2);
  });
  test("goes back to the end only where all is repeated", () => {
    const first = jump(three, 1);
    expect(previous(first).at).toBe(0);
    expect(previous({ ...first, repeat: "all" }).at).toBe(2);
  });
});

test("what is taken out before this one leaves it playing; this one gives way to the next", () => {
  expect(current(remove(three, 1))?.key).toBe(2);
  expect(current(remove(three, 2))?.key).toBe(3);
  expect(current(remove(play(EMPTY, [track(1)]), 1))).toBeNull();
});

test("moving keeps what is playing, and stops at the ends", () => {
  const moved = move(three, 2, 1);
  expect(keys(moved)).toEqual([1, 3, 2]);
  expect(current(moved)?.key).toBe(2);
  expect(move(three, 1, -1)).toBe(three);
});

test("shuffling begins with what is playing, loses nothing, and can be taken back", () => {
  const many = play(
    EMPTY,
    Array.from({ length: 20 }, (_, at) => track(at)),
    7,
  );
  const mixed = shuffle(many, () => 0.3);
  expect(current(mixed)?.key).toBe(7);
  expect(mixed.at).toBe(0);
  expect([...keys(mixed)].sort((a, b) => a - b)).toEqual(keys(many));
  expect(keys(mixed)).not.toEqual([7, ...keys(many).filter((key) => key !== 7)]);
  const more = add(mixed, [track(99)], "next");
  expect(keys(more)[1]).toBe(99);
  const back = shuffle(more);
  expect(keys(back)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 99, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  expect(current(back)?.key).toBe(7);
});
