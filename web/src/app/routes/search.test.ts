import { expect, test } from "vitest";
import { ownPlace } from "./search";

test.each([
  ["/library?q=x", "/library?q=x"],
  ["/", "/"],
  ["//evil.example", undefined],
  ["/\\evil.example", undefined],
  ["https://evil.example", undefined],
  ["javascript:alert(1)", undefined],
  [7, undefined],
  [undefined, undefined],
])("after the login one may go on to %j: %j", (place, allowed) => expect(ownPlace(place)).toBe(allowed));
