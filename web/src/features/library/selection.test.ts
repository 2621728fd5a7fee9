import { expect, test } from "vitest";
import { has, isActive, NOTHING, pick, without } from "./selection";

const ids = [10, 11, 12, 13, 14];
const chosen = (selection: typeof NOTHING) => [...selection.chosen].sort();

test("a second click takes back the first", () => {
  const one = pick(NOTHING, ids, 11, false);
  expect(chosen(one)).toEqual([11]);
  expect(isActive(pick(one, ids, 11, false))).toBe(false);
});

test("Shift chooses from the last one to this one, both ways", () => {
  const begun = pick(NOTHING, ids, 13, false);
  expect(chosen(pick(begun, ids, 11, true))).toEqual([11, 12, 13]);
  expect(chosen(pick(begun, ids, 14, true))).toEqual([13, 14]);
});

test("Shift after taking one back takes the range back", () => {
  const all = ids.reduce((sum, id) => pick(sum, ids, id, false), NOTHING);
  const less = pick(all, ids, 10, false);
  expect(chosen(pick(less, ids, 12, true))).toEqual([13, 14]);
});

test("Shift without a beginning, or with one that is no longer listed, chooses one", () => {
  expect(chosen(pick(NOTHING, ids, 12, true))).toEqual([12]);
  expect(chosen(pick({ ...NOTHING, anchor: 99 }, ids, 12, true))).toEqual([12]);
});

test("one less than everything is all that is loaded but that one", () => {
  const all = { ...NOTHING, everything: true };
  expect(has(all, 4711)).toBe(true);
  expect(chosen(pick(all, ids, 12, false))).toEqual([10, 11, 13, 14]);
});

test("what has gone is not chosen any more", () => {
  expect(chosen(without(pick(pick(NOTHING, ids, 10, false), ids, 11, false), [10]))).toEqual([11]);
});
