import { describe, expect, test } from "vitest";
import { distance, marked } from "./differences";

/** A name with what differs in brackets. */
const shown = (name: string, other: string) =>
  marked(name, other)
    .map(({ text, differs }) => (differs ? `[${text}]` : text))
    .join("");

describe("what differs between two names", () => {
  test.each([
    ["晴天", "晴天 (Live)", "晴天"],
    ["晴天 (Live)", "晴天", "晴天 ([Live)]"],
    ["青天", "晴天", "[青]天"],
    ["Señorita", "senorita", "Señorita"],
    ["Ｈello", "hello", "Ｈello"],
    ["One More Time (Remix)", "One More Night", "One More [Time (Remix)]"],
    ["Part 2", "Part 3", "Part [2]"],
    ["봄날", "봄날 (Spring Day)", "봄날"],
    ["", "x", ""],
    ["!!!", "x", "!!!"],
  ])("%s beside %s", (name, other, expected) => expect(shown(name, other)).toBe(expected));

  test("nothing is lost, whatever stands there", () => {
    for (const name of ["a/b & c", "《七里香》（伴奏）", "🎵 x 🎵", "<b>x</b>"])
      expect(
        marked(name, "七里香 b")
          .map(({ text }) => text)
          .join(""),
      ).toBe(name);
  });

  test("an endless name is not compared", () => {
    const long = "a ".repeat(5000);
    expect(marked(long, "b")).toEqual([{ text: long, differs: false }]);
  });
});

test.each([
  [200, 202.4, { seconds: 2, grade: "same" }],
  [200, 191, { seconds: -9, grade: "like" }],
  [200, 231, { seconds: 31, grade: "far" }],
  [null, 231, null],
  [200, null, null],
] as const)("lengths of %s and %s", (wanted, found, expected) =>
  expect(distance(wanted, found)).toEqual(expected),
);
