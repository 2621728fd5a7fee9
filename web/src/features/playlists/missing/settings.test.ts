import { expect, test } from "vitest";
import { changesOf, draftOf } from "./settings";

const saved = {
  download_path: "Singles",
  api_url: null,
  has_api_key: true,
  profile: "music",
  searches: ["ytmusic", "soundcloud"],
  known_searches: [],
};

test("only what was changed is sent; empty goes back to what ships; the key stays unless it is typed", () => {
  const draft = draftOf(saved);
  expect(changesOf(draft, saved)).toEqual({});
  expect(
    changesOf(
      { ...draft, folder: " ", searches: "\n bilibili \n", api: " https://songs.example/api ", key: "x" },
      saved,
    ),
  ).toEqual({
    download_path: null,
    searches: ["bilibili"],
    api_url: "https://songs.example/api",
    api_key: "x",
  });
  expect(changesOf({ ...draft, searches: " " }, saved)).toEqual({ searches: null });
});
