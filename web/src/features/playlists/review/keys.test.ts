// @vitest-environment jsdom
import { afterEach, describe, expect, test } from "vitest";
import { actOf, isTaken, keysAreOn, switchKeys } from "./keys";

const pressed = (key: string, held: Partial<KeyboardEvent> = {}) =>
  actOf({ key, altKey: false, ctrlKey: false, metaKey: false, isComposing: false, ...held });

describe("single keys", () => {
  test.each([
    ["j", { act: "down" }],
    ["ArrowUp", { act: "up" }],
    ["A", { act: "accept" }],
    ["1", { act: "pick", number: 1 }],
    ["5", { act: "pick", number: 5 }],
    ["6", null],
    ["0", null],
    ["u", { act: "undo" }],
    ["?", { act: "help" }],
    ["q", null],
    ["Enter", null],
    ["constructor", null],
  ])("%s", (key, act) => expect(pressed(key)).toEqual(act));

  test("are the browser's when something is held, and an input method's while it composes", () => {
    for (const held of [{ ctrlKey: true }, { metaKey: true }, { altKey: true }, { isComposing: true }])
      expect(pressed("a", held)).toBeNull();
  });

  test("are left to fields and dialogs", () => {
    const root = document.createElement("div");
    root.innerHTML = "<input /><dialog><button></button></dialog><button></button>";
    expect(isTaken(root.querySelector("input"))).toBe(true);
    expect(isTaken(root.querySelector("dialog button"))).toBe(true);
    expect(isTaken(root.querySelector(":scope > button"))).toBe(false);
    expect(isTaken(document)).toBe(false);
  });
});

describe("the switch", () => {
  afterEach(() => switchKeys(true));

  test("is remembered", () => {
    expect(keysAreOn()).toBe(true);
    switchKeys(false);
    expect(keysAreOn()).toBe(false);
  });
});
