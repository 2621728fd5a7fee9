import { describe, expect, test } from "vitest";
import type { Template } from "@/api/templates";
import { draftOf, faultsByField, fieldsOf, wrongIn } from "./draft";

const TEMPLATE: Template = {
  id: "duo",
  name: "Duo",
  description: "Two.",
  llmPromptInstructions: "Be kind.",
  ttsConfig: null,
  format: "two_hosts",
  speakers: [{ name: "Anna", role: "host", provider: "espeak", voiceId: "en-us+f3" }],
  minutes: 7.5,
  language: "de",
  style: "warm",
  music: { intro: "in.mp3", outro: null, bed: null },
  owner: 1,
  isShipped: false,
  canEdit: true,
};

test("a template goes through the form unchanged", () => {
  expect(fieldsOf(draftOf(TEMPLATE))).toEqual({
    name: "Duo",
    description: "Two.",
    llmPromptInstructions: "Be kind.",
    format: "two_hosts",
    minutes: 7.5,
    language: "de",
    style: "warm",
    speakers: [{ name: "Anna", role: "host", provider: "espeak", voiceId: "en-us+f3" }],
    music: { intro: "in.mp3" },
  });
  expect(draftOf(TEMPLATE, "Copy").name).toBe("Copy");
});

test("what was emptied is sent as nothing", () => {
  expect(fieldsOf({ ...draftOf(undefined), name: "Bare" })).toMatchObject({
    name: "Bare",
    format: null,
    minutes: null,
    language: null,
    speakers: [],
    music: null,
  });
});

test("what is wrong is known before the server is asked", () => {
  expect(wrongIn(draftOf(TEMPLATE))).toEqual([]);
  const draft = { ...draftOf(undefined), minutes: "x", language: "!", speakers: draftOf(TEMPLATE).speakers };
  expect(wrongIn(draft)).toEqual(["name", "minutes", "language"]);
});

describe("what the server says", () => {
  test("stands at the field that it is about", () => {
    expect(
      faultsByField({
        errors: [
          { loc: ["body", "llmPromptInstructions"], msg: "Too long." },
          { loc: ["body", "speakers", 1, "name"], msg: "Value error, Speakers need different names." },
          { loc: ["body", "speakers", 2, "name"], msg: "Something else." },
          { loc: ["body"], msg: "No." },
        ],
      }),
    ).toEqual({ instructions: "Too long.", speakers: "Speakers need different names.", "": "No." });
  });

  test.each([null, undefined, "no", { detail: "no" }])("%j says nothing of fields", (cause) =>
    expect(faultsByField(cause)).toEqual({}),
  );
});
