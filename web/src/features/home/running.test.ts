import { expect, test } from "vitest";
import type { Download, DownloadPage } from "@/api/downloads";
import { runningOf } from "./running";

const page = (total: number, ...downloads: [number, Download["status"]][]) =>
  ({ total, downloads: downloads.map(([id, status]) => ({ id, status })) }) as DownloadPage;

test("what runs comes before what waits, and those that are not shown are counted", () => {
  const { shown, more } = runningOf(
    page(2, [3, "downloading"], [2, "downloading"]),
    page(40, [44, "pending"], [43, "pending"]),
  );
  expect(shown.map(({ id }) => id)).toEqual([3, 2, 44, 43]);
  expect(more).toBe(38);
});

test("one that has begun or ended since is shown once or not at all", () => {
  const { shown, more } = runningOf(
    page(2, [5, "downloading"], [4, "completed"]),
    page(3, [7, "pending"], [6, "downloading"], [5, "pending"]),
  );
  expect(shown.map(({ id, status }) => [id, status])).toEqual([
    [6, "downloading"],
    [5, "pending"],
    [7, "pending"],
  ]);
  expect(more).toBe(0);
});
