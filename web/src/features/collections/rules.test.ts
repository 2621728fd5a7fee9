import { expect, test } from "vitest";
import { placed, placedInPages, ruleOf } from "@/api/collections";
import type { Item, Wall } from "@/api/items";
import { en } from "@/i18n/en";
import { formats } from "@/i18n/format";
import { render } from "@/i18n/message";
import type { Say } from "@/i18n";
import { conditionsOf } from "./conditions";
import { othersOf, ruleWith } from "./rules";

const say: Say = (key, ...values) => render(en[key], "en", values[0]);
const words = { say, ...formats("en") };

test("a rule says only what it asks for", () => {
  const query = { q: "rain", kind: "audio", artist: null, is_favourite: null, in_trash: false } as const;
  expect(ruleOf(query)).toEqual({ q: "rain", kind: "audio" });
  expect(conditionsOf(query, words)).toEqual(["With the words “rain”", "Kind: Audio"]);
  expect(conditionsOf({}, words)).toEqual([]);
});

test("what only other programs can ask for is told, too, and survives a change", () => {
  const query = { min_duration: 90, is_finished: false, is_favourite: false, link_id: 3 };
  expect(conditionsOf(query, words, "A channel")).toEqual([
    "No favourites",
    "Not played to the end",
    "Followed link: A channel",
    "At least 1:30 long",
  ]);
  expect(conditionsOf({ link_id: 3 }, words)).toEqual(["Followed link: 3"]);
  expect(othersOf({ ...query, q: "rain" })).toEqual({
    min_duration: 90,
    is_finished: false,
    is_favourite: false,
  });
  expect(othersOf({ q: "rain", is_favourite: true, in_trash: false })).toEqual({});
  expect(ruleWith(query, { q: "", artist: "The Rooks", link_id: undefined })).toEqual({
    min_duration: 90,
    is_finished: false,
    is_favourite: false,
    artist: "The Rooks",
  });
});

const item = (id: number) => ({ id }) as Item;
const ids = (items: readonly Item[]) => items.map(({ id }) => id);

test("an item is put before another one, or at the end", () => {
  const items = [1, 2, 3, 4].map(item);
  expect(ids(placed(items, 4, 2))).toEqual([1, 4, 2, 3]);
  expect(ids(placed(items, 1, 3))).toEqual([2, 1, 3, 4]);
  expect(ids(placed(items, 1, null))).toEqual([2, 3, 4, 1]);
  expect(ids(placed(items, 1, 99))).toEqual([1, 2, 3, 4]);
});

test("pages stay as long as they are when something moves from one into another", () => {
  const page = (...numbers: number[]) => ({
    items: numbers.map(item),
    next_cursor: null,
    total: 5,
    total_is_exact: true,
  });
  const wall: Wall = { pages: [page(1, 2), page(3, 4, 5)], pageParams: [null, "a"] };
  const moved = placedInPages(wall, 5, 1);
  expect(moved.pages.map(({ items }) => ids(items))).toEqual([
    [5, 1],
    [2, 3, 4],
  ]);
  expect(moved.pageParams).toEqual(wall.pageParams);
});
