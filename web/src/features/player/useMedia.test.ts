import { expect, test } from "vitest";
import type { PlaybackPlan } from "@/api/playing";
import { addressOf } from "./useMedia";

const plan = (url: string | null, seeking: string | null) => ({ url, seeking }) as PlaybackPlan;

test("a file has one address, a stream one for each beginning", () => {
  expect(addressOf(plan("/file", "range"), 63)).toBe("/file");
  expect(addressOf(plan("/stream", "start"), 63.7)).toBe("/stream?start=63");
  expect(addressOf(plan("/stream?can=mp4", "start"), 63)).toBe("/stream?can=mp4&start=63");
  expect(addressOf(plan("/stream?can=mp4", "start"), 0)).toBe("/stream?can=mp4");
  expect(addressOf(plan(null, null), 63)).toBeNull();
});
