import { expect, test } from "vitest";
import { filterOf, isFiltered, isSavable, nameFor, setParts, sortOf } from "./search";

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

test("a search can be kept, but not the whole library, nor a search in a collection", () => {
  expect(isSavable(filterOf({ view: "list", sort: "size" }))).toBe(false);
  expect(isSavable(filterOf({ is_favourite: true }))).toBe(true);
  expect(isSavable(filterOf({ q: "rain", collection_id: 3 }))).toBe(false);
});

test("a search is called what it looks for", () => {
  expect(nameFor({ q: "qing tian", artist: "周杰伦" })).toBe("qing tian · 周杰伦");
  expect(nameFor({ kind: "audio", link_id: 3 })).toBe("");
  expect(nameFor({ q: "x".repeat(300) })).toHaveLength(200);
});
