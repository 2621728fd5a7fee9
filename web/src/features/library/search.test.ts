import { expect, test } from "vitest";
import { filterOf, isFiltered, setParts, sortOf } from "./search";

test("an empty address is the whole library, the newest first", () => {
  expect(isFiltered(filterOf({}))).toBe(false);
  expect(sortOf({})).toBe("newest");
});

test("words are answered by what fits best, unless another order is chosen", () => {
  expect(sortOf({ q: "qing tian" })).toBe("relevance");
  expect(sortOf({ q: "qing tian", sort: "size" })).toBe("size");
});

test("how it is shown is no part of what is asked for", () => {
  expect(filterOf({ view: "list", sort: "title", tag: "rain" })).toEqual(
    expect.objectContaining({ tag: "rain" }),
  );
  expect(filterOf({ view: "list" })).not.toHaveProperty("view");
});

test("what has no place of its own on the screen is told as a chip", () => {
  const filter = filterOf({ q: "a", kind: "audio", is_favourite: true, tag: "rain", link_id: 3 });
  expect(setParts(filter)).toEqual(["tag", "link_id"]);
});
