import { expect, test } from "vitest";
import { hintsOf, waitsOn } from "./words";

test.each([
  ["no_space", false, ["hint.no_space"]],
  ["no_space", true, ["download.waits.no_space", "download.waits"]],
  ["site_rests", true, ["hint.site_rests", "download.waits"]],
])("%s, waiting: %s", (reason, waits, keys) => expect(hintsOf(reason, waits)).toEqual(keys));

test("what is in the queue for the first time waits for its turn only", () => {
  expect(waitsOn({ status: "pending", next_attempt_at: null })).toBe(false);
  expect(waitsOn({ status: "pending", next_attempt_at: "2026-01-01T00:00:00Z" })).toBe(true);
  expect(waitsOn({ status: "downloading", next_attempt_at: "2026-01-01T00:00:00Z" })).toBe(false);
});
