import { QueryClient } from "@tanstack/react-query";
import { beforeEach, describe, expect, test } from "vitest";
import { mergeScan, scansQuery, type Scan } from "./scans";
import { newestAlias } from "./twins";

const scan: Scan = {
  id: 3,
  status: "running",
  adopts: false,
  counts: { files: 10 },
  problems: [],
  message: null,
  created_at: "2026-01-01T12:00:00Z",
  started_at: "2026-01-01T12:00:01Z",
  ended_at: null,
};

describe("what is told of a scan", () => {
  let queries: QueryClient;
  const known = () => queries.getQueryData(scansQuery.queryKey);

  beforeEach(() => {
    queries = new QueryClient();
    queries.setQueryData(scansQuery.queryKey, [scan, { ...scan, id: 2, status: "completed" }]);
  });

  test("is shown at once while it goes on, and nothing is asked for", () => {
    const event = { type: "scan", id: 3, status: "running", counts: { files: 250, moved: 1 } };
    expect(mergeScan(queries, event)).toBe(false);
    expect(known()?.[0]).toEqual({ ...scan, counts: { files: 250, moved: 1 } });
    expect(known()?.[1]?.counts).toEqual({ files: 10 });
  });

  test("has the rest asked for when it ends, or when nobody knew of it", () => {
    expect(mergeScan(queries, { type: "scan", id: 3, status: "completed", counts: { files: 300 } })).toBe(
      true,
    );
    expect(known()?.[0]?.status).toBe("completed");
    expect(mergeScan(queries, { type: "scan", id: 4, status: "pending", counts: {} })).toBe(true);
    expect(known()).toHaveLength(2);
  });
});

test("what was merged last has the highest number, wherever it is listed", () => {
  expect(newestAlias([{ id: 4 }, { id: 9 }, { id: 7 }])).toBe(9);
  expect(newestAlias([])).toBeUndefined();
});
