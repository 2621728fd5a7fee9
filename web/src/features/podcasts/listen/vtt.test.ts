import { describe, expect, test } from "vitest";
import { indexAt, parseVtt } from "./vtt";

const TRANSCRIPT = `WEBVTT

NOTE made by Magpie

1
00:00:00.000 --> 00:00:02.500
<v Anna & Co>Magpies <00:00:00.800>recognise <00:00:01.500>&lt;themselves&gt;.

00:02.750 --> 1:00:03.000
<v Ben>Really?
In a mirror.</v>
`;

describe("a transcript", () => {
  const [first, second, ...rest] = parseVtt(TRANSCRIPT);

  test("has a cue for each turn, and nothing else", () => {
    expect(rest).toEqual([]);
    expect(first).toMatchObject({ start: 0, end: 2.5, speaker: "Anna & Co" });
    expect(second).toMatchObject({ start: 2.75, end: 3603, speaker: "Ben", words: [] });
  });

  test("has texts without marks, and words with their times", () => {
    expect(first?.text).toBe("Magpies recognise <themselves>.");
    expect(first?.words).toEqual([
      { text: "Magpies ", start: 0 },
      { text: "recognise ", start: 0.8 },
      { text: "<themselves>.", start: 1.5 },
    ]);
    expect(second?.text).toBe("Really?\nIn a mirror.");
  });

  test.each(["", "WEBVTT", "no transcript at all\n\nreally", "00:00 --> soon\nx"])("%j has no cues", (text) =>
    expect(parseVtt(text)).toEqual([]),
  );
});

test.each([
  [-1, -1],
  [0, 0],
  [4.9, 1],
  [5, 2],
  [99, 2],
])("at %d it is number %d", (time, index) =>
  expect(indexAt([{ start: 0 }, { start: 2 }, { start: 5 }], time)).toBe(index),
);
