import { describe, expect, test } from "vitest";
import { disposition, shareOf } from "./shares";

describe("shares", () => {
  test.each([
    [1, 4, 0.25],
    [5, 4, 1],
    [-1, 4, 0],
    [0, 0, 0],
    [3, 0, 0],
  ])("%d of %d is %d", (part, whole, share) => expect(shareOf(part, whole)).toBe(share));
});

describe("a disk", () => {
  test("has what is taken at one end and what stays free at the other", () => {
    expect(disposition({ total: 1000, free: 400, reserve: 50 })).toEqual({
      used: 60,
      kept: 5,
      isFull: false,
    });
  });

  test("is full when no more is left than what stays free", () => {
    expect(disposition({ total: 1000, free: 50, reserve: 50 })).toEqual({ used: 95, kept: 5, isFull: true });
    expect(disposition({ total: 1000, free: 10, reserve: 50 })).toEqual({ used: 99, kept: 1, isFull: true });
  });
});
