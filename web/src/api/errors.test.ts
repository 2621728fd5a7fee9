import { describe, expect, test } from "vitest";
import { en } from "@/i18n/en";
import type { Say } from "@/i18n";
import { render, type Values } from "@/i18n/message";
import { ApiError, explain, isGone, toApiError } from "./errors";

const say = ((key: keyof typeof en, values?: Values) => render(en[key], "en", values)) as Say;

describe("toApiError", () => {
  test.each([
    [{ detail: "Item not found" }, ["Item not found"]],
    [
      { detail: [{ loc: ["body", "url"], msg: "Value error, No such address", type: "value_error" }] },
      ["No such address"],
    ],
    [{ detail: "Validation Error", errors: [{ loc: ["email"], msg: "Taken", type: "x" }] }, ["Taken"]],
    ["<html>", []],
    [undefined, []],
    [{ detail: [null, 3, { msg: 4 }] }, []],
  ])("%j", (body, sentences) => expect(toApiError(body, 400).sentences).toEqual(sentences));

  test("leaves one that is one already", () => {
    const error = new ApiError(404, []);
    expect(toApiError(error, 500)).toBe(error);
  });
});

describe("explain", () => {
  test.each([
    [new ApiError(0, []), en["error.network"]],
    [new Error("Unable to preload CSS for /assets/Pages-1.css"), en["error.network"]],
    [new TypeError("Failed to fetch dynamically imported module: /assets/a.js"), en["error.network"]],
    [new ApiError(429, ["slow down"]), en["error.busy"]],
    [new ApiError(409, ["It is running already."]), "It is running already."],
    [new ApiError(500, ["Traceback"]), "The server has a fault (500). Its log says more."],
    [new ApiError(400, []), "The server has a fault (400). Its log says more."],
    [new Error("Something else"), "Something else"],
  ])("%s", (error, text) => expect(explain(error, { say, sayIfKnown: () => null })).toBe(text));

  test("tells what it knows by its code in the language in use", () => {
    const fault = { msg: "This file is empty.", loc: ["body", "file"], type: "import_empty" };
    const error = toApiError({ detail: "Validation Error", errors: [fault] }, 400);
    const other = (key: string) => (key === "fault.import_empty" ? "Leer." : null);
    expect(explain(error, { say, sayIfKnown: other })).toBe("Leer.");
    expect(explain(error, { say, sayIfKnown: () => null })).toBe("This file is empty.");
  });
});

test("isGone", () => {
  expect(isGone(new ApiError(404, []))).toBe(true);
  expect(isGone(new ApiError(500, []))).toBe(false);
  expect(isGone(new Error("404"))).toBe(false);
});
