// @vitest-environment jsdom
import { beforeEach, describe, expect, test } from "vitest";
import type { Task } from "@/api/tasks";
import { changesOf, creationOf, draftOf, emptyDraft, isNumber, keepDraft, readDraft } from "./draft";
import { presetOf, zones } from "./schedule";
import { fits, stateOf, wantsSomebody } from "./words";

const task: Task = {
  id: 5,
  user_id: 1,
  name: "夜里开车",
  server_id: 2,
  playlist_url: "https://music.163.com/playlist?id=1",
  platform: "netease",
  cron_schedule: "0 4 * * *",
  timezone: "Asia/Shanghai",
  mode: "mirror",
  is_enabled: true,
  max_removals: null,
  keep_title: true,
  keep_description: false,
  keep_cover: false,
  fetch_missing: false,
  status: "idle",
  reason: null,
  error_message: null,
  needs_approval: false,
  removals: 0,
  can_undo: false,
  counts: { total: 3, matched: 3, review: 0, missing: 0, waiting: 0 },
  targets: [
    {
      id: 1,
      server_id: 2,
      server_name: "Den",
      server_type: "plex",
      playlist_id: "99",
      playlist_title: null,
      count: 3,
      status: "in_step",
      reason: null,
      error_message: null,
      synced_at: null,
    },
  ],
  source_url: "https://music.163.com/playlist?id=1",
  source_title: "夜里开车",
  source_description: null,
  source_owner: "小明",
  source_total: 3,
  is_source_complete: true,
  source_note: null,
  cover_url: null,
  read_at: "2026-01-01T00:00:00Z",
  next_run_at: null,
  last_synced_at: "2026-01-01T00:00:00Z",
  last_success_at: null,
  created_at: "2026-01-01T00:00:00Z",
  updated_at: "2026-01-01T00:00:00Z",
};

describe("a draft", () => {
  beforeEach(() => sessionStorage.clear());

  test("becomes a task with the whole share text, on the chosen servers", () => {
    const draft = { ...emptyDraft(" 分享 https://music.163.com/playlist?id=1 "), zone: "UTC" };
    const made = creationOf({ ...draft, targets: [{ server: 2, playlist: "" }], removals: "0" });
    expect(made).toMatchObject({
      playlist_url: "分享 https://music.163.com/playlist?id=1",
      targets: [{ server_id: 2, playlist_id: null }],
      max_removals: 0,
      cron_schedule: "0 4 * * *",
    });
    expect(made).not.toHaveProperty("name");
  });

  test("of a file tells no link", () => {
    const made = creationOf({ ...emptyDraft("left over"), from: "file", cron: "" });
    expect(made).toMatchObject({ platform: "file", cron_schedule: null });
    expect(made).not.toHaveProperty("playlist_url");
  });

  test("sends only what was changed", () => {
    const draft = draftOf(task);
    expect(changesOf(draft, task)).toEqual({});
    expect(changesOf({ ...draft, mode: "append", name: "" }, task)).toEqual({ mode: "append", name: null });
    expect(changesOf({ ...draft, text: "https://y.qq.com/n/ryqq/playlist/2" }, task)).toEqual({
      playlist_url: "https://y.qq.com/n/ryqq/playlist/2",
      platform: "auto",
    });
  });

  test("outlives a reload", () => {
    keepDraft("new", { ...emptyDraft("kept"), removals: "7" });
    expect(readDraft("new")).toMatchObject({ text: "kept", removals: "7" });
    keepDraft("new", null);
    expect(readDraft("new")).toBeNull();
  });

  test.each([
    ["", true],
    [" 12 ", true],
    ["1.5", false],
    ["-1", false],
    ["many", false],
  ])("%j is a number of removals: %s", (text, yes) => expect(isNumber(text)).toBe(yes));
});

test("schedules that most people mean have names", () => {
  expect(presetOf("")).toBe("never");
  expect(presetOf(" 0  4 * * * ")).toBe("daily");
  expect(presetOf("30 6 * * 1-5")).toBe("own");
});

test("the time zone in use can always be chosen", () => {
  expect(zones("Mars/Base")).toContain("Mars/Base");
  expect(new Set(zones("UTC")).size).toBe(zones("UTC").length);
});

test("a playlist is found by name, owner and server, in any width and case", () => {
  expect(fits(task, "")).toBe(true);
  expect(fits(task, "开车 ｄｅｎ")).toBe(true);
  expect(fits(task, "小明")).toBe(true);
  expect(fits(task, "nothing")).toBe(false);
});

test("a state is what a person sees", () => {
  expect(stateOf(task)).toBe("idle");
  expect(stateOf({ ...task, is_enabled: false })).toBe("off");
  expect(stateOf({ ...task, is_enabled: false, status: "syncing" })).toBe("syncing");
  expect(stateOf({ ...task, last_synced_at: null })).toBe("fresh");
});

test("what asks, fails or has songs to review wants somebody", () => {
  expect(wantsSomebody(task)).toBe(false);
  expect(wantsSomebody({ ...task, status: "error" })).toBe(true);
  expect(wantsSomebody({ ...task, needs_approval: true })).toBe(true);
  expect(wantsSomebody({ ...task, counts: { ...task.counts, review: 1 } })).toBe(true);
});
