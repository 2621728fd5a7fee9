import { expect, test } from "vitest";
import { passageOf } from "./passage";

test("a passage with what stands around it", () => {
  expect(passageOf("One. Two. Three.", { start: 5, end: 9 })).toEqual({
    before: "One. ",
    cited: "Two.",
    after: " Three.",
  });
});

test("what is far away is cut between words", () => {
  const text = `${"word ".repeat(200)}HERE${" word".repeat(200)}`;
  const passage = passageOf(text, { start: 1000, end: 1004 });
  expect(passage?.cited).toBe("HERE");
  expect(passage?.before).toMatch(/^…word /);
  expect(passage?.after).toMatch(/ word…$/);
});

test("signs are counted as the server counts them", () => {
  expect(passageOf("🐦🐦 喜鹊 flies", { start: 3, end: 5 })?.cited).toBe("喜鹊");
});

test("a place that is not there is none", () => {
  expect(passageOf("short", { start: 9, end: 12 })).toBeNull();
  expect(passageOf("short", { start: 2, end: 2 })).toBeNull();
});
