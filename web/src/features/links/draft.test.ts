// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from "vitest";
import type { Link } from "@/api/links";
import {
  changesOf,
  creationOf,
  draftOf,
  emptyDraft,
  filtersOf,
  keepDraft,
  notNumbers,
  readDraft,
} from "./draft";

const link: Link = {
  id: 1,
  user_id: 1,
  url: "https://a.example/channel",
  name: "A channel",
  type: "feed",
  is_enabled: true,
  download_automatically: true,
  tags: ["birds", "晴天"],
  cookies: null,
  has_cookies: true,
  cookie_mode: "always",
  site: "a.example",
  profile: "audio",
  interval_minutes: 90,
  max_interval_minutes: null,
  filters: {
    title_include: "crow",
    min_seconds: 90,
    published_after: "2026-01-02T00:00:00Z",
    kinds: ["video"],
  },
  retention: { keep_gb: 1.5 },
  status: "idle",
  reason: null,
  error_message: null,
  hint: null,
  last_checked_at: null,
  next_check_at: null,
  last_success_at: null,
  died_at: null,
  feed_url: null,
  picture_url: null,
  source_title: null,
  source_description: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
  counts: { known: 0, downloaded: 0, wanted: 0, failed: 0, skipped: 0 },
};

beforeEach(() => sessionStorage.clear());

describe("a link's form", () => {
  test("sends nothing of what was not touched", () => {
    expect(changesOf(draftOf(link), link, "")).toEqual({});
  });

  test("sends only what is new, and rules as a whole", () => {
    const draft = { ...draftOf(link), name: "", maxMinutes: "1.5", interval: "" };
    expect(changesOf(draft, link, null)).toEqual({
      name: null,
      interval_minutes: null,
      cookies: null,
      filters: {
        title_include: "crow",
        min_seconds: 90,
        max_seconds: 90,
        published_after: "2026-01-02T00:00:00Z",
        kinds: ["video"],
      },
    });
  });

  test("leaves name and profile to the server where they are empty", () => {
    const creation = creationOf({ ...emptyDraft(" https://b.example "), tags: "a， b,,c" }, "");
    expect(creation).toMatchObject({ url: "https://b.example", tags: ["a", "b", "c"], filters: {} });
    expect(creation).not.toHaveProperty("name");
    expect(creation).not.toHaveProperty("profile");
    expect(creation).not.toHaveProperty("cookies");
  });

  test.each([
    ["interval", "1.5", true],
    ["interval", "60", false],
    ["interval", "0", true],
    ["minMinutes", "1,5", false],
    ["minMinutes", "-1", true],
    ["maxMb", "ten", true],
    ["maxMb", "1e9", true],
    ["keepGb", "", false],
  ] as const)("%s = %j: no number is %s", (field, text, wrong) => {
    expect(notNumbers({ ...emptyDraft(), [field]: text })).toEqual(wrong ? [field] : []);
  });

  test("reads a comma as people write it", () => {
    expect(filtersOf({ ...emptyDraft(), minMinutes: "1,5" })).toEqual({ min_seconds: 90 });
  });

  test("outlives a reload, and forgets on request", () => {
    keepDraft("new", { ...emptyDraft("https://c.example"), name: "kept" });
    expect(readDraft("new")).toMatchObject({ url: "https://c.example", name: "kept" });
    keepDraft("new", null);
    expect(readDraft("new")).toBeNull();
    sessionStorage.setItem("magpie.link.new", "{nonsense");
    expect(readDraft("new")).toBeNull();
  });
});
