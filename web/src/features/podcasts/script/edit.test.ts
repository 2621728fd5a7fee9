import { describe, expect, test } from "vitest";
import {
  addTurn,
  changeTurn,
  differs,
  editOf,
  isWhole,
  joinSegment,
  marked,
  moveSegment,
  moveTurn,
  removeTurn,
  sentOf,
  splitAt,
  spokenSeconds,
  type Edit,
} from "./edit";

const turn = (speaker: string, text: string, segment: number) => ({
  speaker,
  text,
  segment,
  style: null,
  sourceSpan: null,
  flags: [],
});
const SCRIPT = {
  segments: [
    { title: "Birds", summary: "" },
    { title: "Mirrors", summary: "" },
  ],
  turns: [turn("Anna", "one", 0), turn("Ben", "two", 0), turn("Anna", "three", 1)],
};
const start = editOf(SCRIPT);
const shape = ({ turns, segments }: Edit) => [
  segments.map(({ title }) => title),
  turns.map(({ text, segment }) => `${text}@${segment}`),
];

describe("a script that is edited", () => {
  test("is sent as it came while nothing was changed", () => {
    expect(sentOf(start)).toEqual(SCRIPT);
    expect(differs(start, editOf(SCRIPT))).toBe(false);
  });

  test("knows a new turn's speaker, and is not whole before it has words", () => {
    const added = addTurn(start, 0, ["Anna", "Ben"]);
    expect(added.turns[1]).toMatchObject({ speaker: "Ben", segment: 0, text: "" });
    expect(isWhole(added)).toBe(false);
    const said = changeTurn(added, added.turns[1]?.key ?? -1, { text: "well" });
    expect(isWhole(said)).toBe(true);
    expect(differs(said, start)).toBe(true);
    expect(new Set(addTurn(said, 2, ["Anna"]).turns.map(({ key }) => key)).size).toBe(5);
    expect(isWhole({ ...start, turns: [] })).toBe(false);
  });

  test("keeps the flags of what is still said", () => {
    const flagged = editOf({
      ...SCRIPT,
      turns: [
        {
          ...turn("Anna", "In 1987 at Rome.", 0),
          flags: [
            { kind: "number", text: "1987" },
            { kind: "name", text: "Rome" },
          ],
        },
      ],
    });
    expect(changeTurn(flagged, 0, { text: "In 1986 at Rome." }).turns[0]?.flags).toEqual([
      { kind: "name", text: "Rome" },
    ]);
  });

  test.each([
    [1, -1, ["two@0", "one@0", "three@1"]],
    [0, -1, ["one@0", "two@0", "three@1"]],
    [1, 1, ["one@0", "two@1", "three@1"]],
    [2, -1, ["one@0", "two@0", "three@0"]],
    [2, 1, ["one@0", "two@0", "three@1"]],
  ] as const)("turn %d moved by %d", (key, by, turns) =>
    expect(shape(moveTurn(start, key, by))[1]).toEqual(turns),
  );

  test("has its chapters split, joined and moved", () => {
    const split = splitAt(start, 1, "More");
    expect(shape(split)).toEqual([
      ["Birds", "More", "Mirrors"],
      ["one@0", "two@1", "three@2"],
    ]);
    expect(shape(joinSegment(split, 1))).toEqual(shape(start));
    expect(shape(joinSegment(start, 0))).toEqual([["Mirrors"], ["one@0", "two@0", "three@0"]]);
    expect(shape(moveSegment(start, 0, 1))).toEqual([
      ["Mirrors", "Birds"],
      ["three@0", "one@1", "two@1"],
    ]);
    expect(moveSegment(start, 0, -1)).toBe(start);
    expect(joinSegment(joinSegment(start, 0), 0).segments).toHaveLength(1);
  });

  test("loses a turn that is removed, and no other", () => {
    expect(shape(removeTurn(start, 1))[1]).toEqual(["one@0", "three@1"]);
  });
});

test("flags are found in their order, longer ones first, and the text stays whole", () => {
  const flags = [
    { kind: "number", text: "19" },
    { kind: "number", text: "1987" },
    { kind: "name", text: "Rome" },
    { kind: "name", text: "Paris" },
  ];
  const parts = marked("Rome, 1987; again Rome.", flags);
  expect(parts.map(({ text }) => text).join("")).toBe("Rome, 1987; again Rome.");
  expect(parts.filter(({ kind }) => kind).map(({ text }) => text)).toEqual(["Rome", "1987", "Rome"]);
});

test("how long a text takes: by words, and by signs where there are no spaces", () => {
  expect(spokenSeconds("one two three four five")).toBeCloseTo(2);
  expect(spokenSeconds("喜鹊能认出镜子中的自己")).toBeGreaterThan(2);
  expect(spokenSeconds("")).toBe(0);
});
