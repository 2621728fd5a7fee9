import { describe, expect, test } from "vitest";
import { findLinks, hostOf } from "./links";

describe("findLinks", () => {
  test.each([
    ["https://example.com/watch?v=1", ["https://example.com/watch?v=1"]],
    [
      "  https://a.example/1\nhttps://b.example/2\r\nhttps://a.example/1 ",
      ["https://a.example/1", "https://b.example/2"],
    ],
    [
      "分享歌单: 晴天 https://music.example/playlist?id=1&u=2 (来自@网易云音乐)",
      ["https://music.example/playlist?id=1&u=2"],
    ],
    ["看这个：https://v.example/abc，很好看", ["https://v.example/abc"]],
    ["See [this](https://a.example/x_(y)).", ["https://a.example/x_(y)"]],
    ["Is it https://a.example/x?", ["https://a.example/x"]],
    ["example.com/video", ["https://example.com/video"]],
    ["http://127.0.0.1:4000/v.mp4", ["http://127.0.0.1:4000/v.mp4"]],
    ["just words", []],
    ["javascript:alert(1)", []],
    ["file:///etc/passwd", []],
    ["http://", []],
    ["", []],
  ])("%j", (text, links) => expect(findLinks(text)).toEqual(links));

  test("stays quick on a hostile text", () => {
    const started = performance.now();
    findLinks(`https://a.example/${")".repeat(5000)}`);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

test("hostOf names the site without its www", () => {
  expect(hostOf("https://www.example.com/x")).toBe("example.com");
  expect(hostOf("nonsense")).toBe("nonsense");
});
