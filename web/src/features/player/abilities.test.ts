import { expect, test } from "vitest";
import { abilities } from "./abilities";

test("what a browser says that it plays, probably or maybe, is told in the server's words", () => {
  const chromium = (type: string) =>
    type.includes("webm") ? "probably" : type === "audio/mpeg" ? "maybe" : "";
  expect(abilities(chromium)?.split(",")).toEqual(["webm", "mp3", "vp8", "vp9", "opus", "vorbis"]);
});

test("a browser that says nothing is left to what every browser plays", () => {
  expect(abilities(() => "")).toBeNull();
});
