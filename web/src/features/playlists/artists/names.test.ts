import { expect, test } from "vitest";
import { namesOf } from "./names";

test.each([
  ["邓紫棋\nG.E.M.", ["邓紫棋", "G.E.M."]],
  ["邓紫棋 | G.E.M. | Gloria  Tang", ["邓紫棋", "G.E.M.", "Gloria Tang"]],
  ["Tyler, The Creator\r\n\r\nTyler, The Creator\n ", ["Tyler, The Creator"]],
  ["邓紫棋｜G.E.M.", ["邓紫棋", "G.E.M."]],
  [" \n", []],
])("the names in %j", (text, names) => expect(namesOf(text)).toEqual(names));
