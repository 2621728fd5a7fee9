import { beforeEach, expect, test, vi } from "vitest";
import { forget, recall, remember } from "./position";

beforeEach(() => localStorage.clear());

test("playing goes on where it was left", () => {
  remember(7, 63.8);
  expect(recall(7, 600)).toBe(63);
  expect(recall(8, 600)).toBeNull();
});

test("the very beginning and the very end are not worth coming back to", () => {
  remember(7, 4);
  expect(recall(7, 600)).toBeNull();
  remember(7, 595);
  expect(recall(7, 600)).toBeNull();
});

test("what was played to its end begins anew", () => {
  remember(7, 300);
  forget(7);
  expect(recall(7, 600)).toBeNull();
});

test("a browser that forbids storage plays all the same", () => {
  const refuse = vi.spyOn(Storage.prototype, "getItem").mockImplementation(() => {
    throw new DOMException("denied", "SecurityError");
  });
  expect(recall(7, 600)).toBeNull();
  refuse.mockRestore();
});
