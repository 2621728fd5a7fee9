import { describe, expect, test } from "vitest";
import type { Setting } from "@/api/settings";
import { asText, asValue, grouped, isHidden, isOpen, matches, wordsOf } from "./settings";

const setting = (fields: Partial<Setting>): Setting => ({
  name: "site_delay_seconds",
  type: "string",
  meaning: "Pause between two downloads.",
  value: null,
  default: null,
  has_value: false,
  source: "default",
  variables: ["MAGPIE_SITE_DELAY_SECONDS"],
  locked: false,
  locked_by: null,
  needs_restart: false,
  secret: false,
  minimum: null,
  maximum: null,
  max_length: null,
  choices: null,
  changed_at: null,
  changed_by: null,
  ...fields,
});

test("a setting belongs to the group that began before it, and none is lost", () => {
  const names = ["brand_new", "data_dir", "media_root", "host", "also_new", "worker_name"];
  const groups = grouped(names.map((name) => setting({ name })));
  expect(groups.map(([group, list]) => [group, list.map(({ name }) => name)])).toEqual([
    ["places", ["brand_new"]],
    ["places", ["data_dir", "media_root"]],
    ["server", ["host", "also_new"]],
    ["workers", ["worker_name"]],
  ]);
});

test("podcasts stand where people look for them, though the server tells them first", () => {
  const names = ["llm", "openai_api_key", "data_dir", "netease_url", "worker_name"];
  expect(grouped(names.map((name) => setting({ name }))).map(([group]) => group)).toEqual([
    "places",
    "playlists",
    "podcasts",
    "workers",
  ]);
});

test("words: the translated ones, else the server's own", () => {
  const words = { title: "间隔", meaning: "两次下载之间的间隔。" };
  expect(wordsOf(setting({}), { site_delay_seconds: words })).toBe(words);
  expect(wordsOf(setting({}), {}).title).toBe("Site delay seconds");
  expect(wordsOf(setting({ name: "smtp_url" }), null).title).toBe("SMTP URL");
  expect(wordsOf(setting({}), null).meaning).toBe("Pause between two downloads.");
});

test.each([
  ["", true],
  ["delay", true],
  ["site delay", true],
  ["PAUSE downloads", true],
  ["magpie_site", true],
  ["cookies", false],
])("looking for %j finds it: %j", (wanted, found) =>
  expect(matches(setting({}), wordsOf(setting({}), null), wanted)).toBe(found),
);

describe("values", () => {
  test.each([
    [setting({ type: "number" }), " 1.5 ", 1.5],
    [setting({ type: "integer" }), "many", "many"],
    [setting({ type: "number" }), "", ""],
    [setting({ type: "boolean" }), "false", false],
    [setting({ type: "string" }), " a ", " a "],
  ])("%#: a field's text is what it means", (of, text, value) => expect(asValue(of, text)).toEqual(value));

  test.each([
    [null, ""],
    [4, "4"],
    [true, "true"],
  ])("%j in a field is %j", (value, text) => expect(asText(value)).toBe(text));
});

test("what is fixed elsewhere is not open here, and a secret without a value to show is hidden", () => {
  expect(isOpen(setting({}))).toBe(true);
  expect(isOpen(setting({ locked: true }))).toBe(false);
  expect(isOpen(setting({ needs_restart: true }))).toBe(false);
  expect(isHidden(setting({ secret: true }))).toBe(true);
  expect(isHidden(setting({ secret: true, value: '{"a.example": "a.txt"}' }))).toBe(false);
});
