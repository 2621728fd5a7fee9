import { expect, test } from "vitest";
import { searchFeed } from "./search";

test.each([
  ["rain song", "rain+song"],
  ["  晴天 ", "%E6%99%B4%E5%A4%A9"],
  ["a&kind=audio#x", "a%26kind%3Daudio%23x"],
])("words go into the address as words: %j", (words, written) =>
  expect(searchFeed("https://keep.example/base/feeds/T0k/search.xml", words)).toBe(
    `https://keep.example/base/feeds/T0k/search.xml?q=${written}`,
  ),
);
