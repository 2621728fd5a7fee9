import { expect, test } from "vitest";
import { parseChapters, sharesOf } from "./chapters";

test("chapters in their order, with addresses of the web only", () => {
  const text = JSON.stringify({
    version: "1.2.0",
    chapters: [
      { startTime: 60, title: "Mirrors", url: "https://a.example/x" },
      { startTime: 0, title: "Birds", url: "javascript:alert(1)" },
      { startTime: "soon", title: "Nothing" },
      null,
    ],
  });
  expect(parseChapters(text)).toEqual([
    { title: "Birds", start: 0, address: null },
    { title: "Mirrors", start: 60, address: "https://a.example/x" },
  ]);
});

test.each(["", "{", "null", "[]", '{"chapters": 7}'])("%j has none", (text) =>
  expect(parseChapters(text)).toEqual([]),
);

test("shares of the bar cover all of it", () => {
  const at = (...starts: number[]) => starts.map((start) => ({ start, title: "", address: null }));
  expect(sharesOf(at(0, 30), 120)).toEqual([
    { from: 0, to: 0.25 },
    { from: 0.25, to: 1 },
  ]);
  expect(sharesOf(at(60), 120)).toEqual([
    { from: 0, to: 0.5 },
    { from: 0.5, to: 1 },
  ]);
  expect(sharesOf([], 10)).toEqual([{ from: 0, to: 1 }]);
  expect(sharesOf(at(0), 0)).toEqual([]);
});
