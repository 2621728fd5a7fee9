import { expect, test } from "vitest";
import { heights, pathOf } from "./peaks";

test("each bar is as high as the loudest that it stands for", () => {
  expect(heights([-128, 10, 0, 64, -32, 16, 0, 0], 2)).toEqual([1, 0.25]);
});

test("what is short has fewer bars, what is empty none", () => {
  expect(heights([0, 64], 100)).toEqual([0.5]);
  expect(heights([], 100)).toEqual([]);
  expect(pathOf([])).toBe("");
});

test("silence is still seen", () => expect(pathOf([0])).toBe("M0.2 0.94h.6v0.12h-.6z"));
