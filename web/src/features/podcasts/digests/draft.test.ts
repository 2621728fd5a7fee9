import { expect, test } from "vitest";
import type { Digest } from "@/api/digests";
import { digestDraft, digestFaults, digestOf, emptyDigest } from "./draft";

const DIGEST: Digest = {
  id: 3,
  userId: 1,
  name: "Sundays",
  linkIds: [4, 5],
  feedUrls: ["https://a.example/feed"],
  cronSchedule: "0 6 * * 0",
  timezone: "Europe/Berlin",
  maxEntries: 7,
  isEnabled: false,
  transcribe: true,
  wishes: { templateId: "digest", minutes: 8, language: "de", approve: true, formats: ["mp3", "opus"] },
  nextRunAt: null,
  lastRunAt: null,
  lastNew: null,
  lastLeftOut: [],
  errorMessage: null,
  lastPodcastId: null,
  createdAt: "2026-01-01T00:00:00Z",
};

test("a digest goes through the form unchanged, with the wishes that the form does not show", () => {
  expect(digestOf(digestDraft(DIGEST), DIGEST.wishes)).toEqual({
    name: "Sundays",
    linkIds: [4, 5],
    feedUrls: ["https://a.example/feed"],
    cronSchedule: "0 6 * * 0",
    timezone: "Europe/Berlin",
    maxEntries: 7,
    isEnabled: false,
    transcribe: true,
    wishes: DIGEST.wishes,
  });
});

test("what was emptied is not wished for any more", () => {
  const draft = { ...digestDraft(DIGEST), template: "", minutes: "", language: "" };
  expect(digestOf(draft, DIGEST.wishes).wishes).toEqual({ approve: true, formats: ["mp3", "opus"] });
});

test("what is missing or wrong is named in the order of the form", () => {
  expect(digestFaults({ ...emptyDigest(), cron: " ", entries: "0", minutes: "x" })).toEqual([
    "name",
    "places",
    "cron",
    "entries",
    "minutes",
  ]);
  expect(digestFaults({ ...emptyDigest(4), name: "News" })).toEqual([]);
  expect(digestFaults({ ...emptyDigest(), name: "News", feeds: "https://a.example" })).toEqual([]);
});
