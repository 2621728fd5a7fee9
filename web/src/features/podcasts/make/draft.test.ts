// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import {
  areSpeakers,
  emptyDraft,
  faultsOf,
  isMinutes,
  joinVoice,
  keepDraft,
  readDraft,
  readEntry,
  speakerDraft,
  speakerOf,
  splitVoice,
  wishesOf,
  withSources,
} from "./draft";

afterEach(() => sessionStorage.clear());

describe("what stands in the box", () => {
  test.each([
    ["", []],
    ["  \n ", []],
    ["https://a.example/x", [{ kind: "url", url: "https://a.example/x" }]],
    [
      "https://a.example/x\nhttp://b.example https://a.example/x",
      [
        { kind: "url", url: "https://a.example/x" },
        { kind: "url", url: "http://b.example" },
      ],
    ],
    ["Read https://a.example first.", [{ kind: "text", text: "Read https://a.example first." }]],
    ["javascript:alert(1)", [{ kind: "text", text: "javascript:alert(1)" }]],
  ])("%j", (entry, sources) => expect(readEntry(entry)).toEqual(sources));
});

test("the server is asked for what was wished, and for nothing else", () => {
  expect(wishesOf({ ...emptyDraft(), entry: "A text." })).toEqual({
    sources: [{ text: "A text." }],
    templateId: "two-hosts",
    formats: ["mp3"],
    approve: false,
  });
  const anna = { name: " Anna ", role: "host", voice: "espeak en-us+f3", style: "", language: "" };
  expect(
    wishesOf({
      ...emptyDraft(),
      added: [
        { kind: "item", id: 7 },
        { kind: "episode", id: "ab" },
      ],
      entry: "https://a.example",
      minutes: "2,5",
      language: " de ",
      format: "debate",
      template: "debate",
      speakers: [anna],
      music: { intro: "in.mp3", outro: "", bed: "" },
      opus: true,
    }),
  ).toEqual({
    sources: [{ itemId: 7 }, { episodeId: "ab" }, { url: "https://a.example" }],
    templateId: "debate",
    minutes: 2.5,
    language: "de",
    format: "debate",
    speakers: [{ name: "Anna", role: "host", provider: "espeak", voiceId: "en-us+f3" }],
    music: { intro: "in.mp3" },
    formats: ["mp3", "opus"],
    approve: false,
  });
});

test("a speaker goes through the form unchanged", () => {
  const speaker = { name: "Ben", provider: "openai:tts-1", voiceId: "a voice", style: "warm" };
  expect(speakerOf(speakerDraft(speaker))).toEqual(speaker);
  expect(speakerOf(speakerDraft({ name: "Ben", role: null, voiceId: null }))).toEqual({ name: "Ben" });
  expect(splitVoice(joinVoice("openai:tts-1", "a b c"))).toEqual(["openai:tts-1", "a b c"]);
});

test("what is wrong is named in the order of the form", () => {
  const draft = { ...emptyDraft(), minutes: "many", language: "german, please", speakers: [] };
  expect(faultsOf(draft, 0)).toEqual(["sources", "minutes", "language", "speakers"]);
  expect(faultsOf({ ...emptyDraft(), minutes: "7" }, 1)).toEqual([]);
});

test.each([
  ["", true],
  ["7", true],
  ["0.5", true],
  ["0", false],
  ["-3", false],
  ["241", false],
  ["ten", false],
])("%j minutes: %j", (text, good) => expect(isMinutes(text)).toBe(good));

test("speakers have names that differ", () => {
  const named = (...names: string[]) => names.map((name) => speakerDraft({ name }));
  expect(areSpeakers(named("Anna", "Ben"))).toBe(true);
  expect(areSpeakers(named("Anna", "anna "))).toBe(false);
  expect(areSpeakers(named("Anna", ""))).toBe(false);
  expect(areSpeakers(named("1", "2", "3", "4", "5"))).toBe(false);
});

test("nothing is in the list twice", () => {
  const once = withSources(emptyDraft(), [{ kind: "item", id: 1 }]);
  expect(
    withSources(once, [
      { kind: "item", id: 1 },
      { kind: "url", url: "x" },
    ]).added,
  ).toHaveLength(2);
});

test("a draft is kept until it is sent", () => {
  expect(readDraft()).toBeNull();
  keepDraft({ ...emptyDraft(), entry: "half a thou" });
  expect(readDraft()?.entry).toBe("half a thou");
  sessionStorage.setItem("magpie.podcast.new", '{"format": "opera"}');
  expect(readDraft()).toEqual(emptyDraft());
  keepDraft(null);
  expect(readDraft()).toBeNull();
});
