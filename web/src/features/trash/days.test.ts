import { expect, test } from "vitest";
import { daysKept } from "./days";

test.each([
  ["2026-01-01T12:00:00Z", "2026-01-15T12:00:00Z", 14],
  ["2026-03-28T12:00:00.5Z", "2026-03-29T12:00:00.500001Z", 1],
  ["2026-01-01T12:00:00Z", "2026-01-01T12:00:00Z", 0],
])("what is deleted at %s and goes at %s stays for %d days", (trashed_at, goes_at, days) =>
  expect(daysKept({ trashed_at, goes_at })).toBe(days),
);
