import { expect, test } from "vitest";
import { passes, withNewer, withTold, type LogLine } from "./logs";

const line = (id: number): LogLine => ({
  id,
  timestamp: "2026-11-20T12:00:00Z",
  level: "info",
  source: "magpie",
  host: "here",
  message: `line ${id}`,
  task_id: null,
  link_id: null,
  download_id: null,
  fields: {},
});
const lines = (from: number, to: number) =>
  Array.from({ length: from - to + 1 }, (_, index) => line(from - index));
const known = (...pages: LogLine[][]) => ({ pages, pageParams: pages.map(() => null) });
const ids = ({ pages }: { pages: LogLine[][] }) => pages.map((page) => page.map(({ id }) => id));

test("newer lines come before the known ones, each once", () => {
  expect(ids(withNewer(known([line(3), line(2)], [line(1)]), [line(5), line(4), line(3)]))).toEqual([
    [5, 4, 3, 2],
    [1],
  ]);
});

test("nothing newer changes nothing", () => {
  const before = known([line(3)]);
  expect(withNewer(before, [line(3), line(2)])).toBe(before);
});

test("an empty list takes in the first lines", () => {
  expect(ids(withNewer(known([]), [line(1)]))).toEqual([[1]]);
});

test("after a gap only the newer ones stay, so that none seems to be missing", () => {
  expect(ids(withNewer(known([line(3)]), lines(900, 801)))).toEqual([lines(900, 801).map(({ id }) => id)]);
});

test("a long tail keeps a bounded number of lines", () => {
  const after = withNewer(known(lines(1000, 1)), lines(1050, 1001));
  expect(after.pages).toHaveLength(1);
  expect(after.pages[0]).toHaveLength(1000);
  expect(after.pages[0]?.[0]?.id).toBe(1050);
});

test("what is told out of order is put in its place, once", () => {
  const before = known([line(9), line(7)], [line(3)]);
  expect(ids(withTold(before, [line(10), line(8)]))).toEqual([[10, 9, 8, 7], [3]]);
  expect(withTold(before, [line(9), line(5)])).toBe(before);
});

test("a told line passes the filters that the server would let it pass", () => {
  const told: LogLine = {
    ...line(1),
    level: "warning",
    message: "Disk full",
    fields: { job: "download:7" },
    download_id: 7,
  };
  for (const filter of [
    {},
    { level: "info" },
    { level: "warning" },
    { download: 7 },
    { q: "FULL job" },
  ] as const)
    expect(passes(told, filter)).toBe(true);
  for (const filter of [{ level: "error" }, { download: 8 }, { q: "disk empty" }] as const)
    expect(passes(told, filter)).toBe(false);
});
