import { expect, test } from "vitest";
import { tagsIn } from "./tags";

test.each([
  ["rain", ["rain"]],
  [" rain,  late   night ,", ["rain", "late night"]],
  ["雨，夜晚、钢琴", ["雨", "夜晚", "钢琴"]],
  ["#rain, Rain", ["rain"]],
  [" , ", []],
])("%j", (text, tags) => expect(tagsIn(text)).toEqual(tags));
