import { expect, test } from "vitest";
import { canBeCut, fateOf, FATES, MARKABLE, withFate } from "./sponsors";

test("a kind of parts has one fate, whatever it had before", () => {
  for (const category of MARKABLE)
    for (const before of FATES)
      for (const fate of FATES) {
        const possible = fate === "remove" && !canBeCut(category) ? "leave" : fate;
        const after = withFate(withFate({ mark: [], remove: [] }, category, before), category, fate);
        expect(fateOf(after, category)).toBe(possible);
        expect((after.mark?.length ?? 0) + (after.remove?.length ?? 0)).toBe(possible === "leave" ? 0 : 1);
      }
});

test("the other kinds stay as they are", () => {
  const before = { mark: ["intro", "chapter"], remove: ["sponsor"] } as const;
  const after = withFate({ mark: [...before.mark], remove: [...before.remove] }, "intro", "remove");
  expect(after).toEqual({ mark: ["chapter"], remove: ["sponsor", "intro"] });
});

test("what is both marked and cut is cut", () => {
  expect(fateOf({ mark: ["intro"], remove: ["intro"] }, "intro")).toBe("remove");
});
