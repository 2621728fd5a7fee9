import { queryOptions, useMutation, useQueryClient, type QueryClient } from "@tanstack/react-query";
import {
  getApiV1LibraryScans,
  postApiV1LibraryScans,
  postApiV1LibraryScansByScanIdCancel,
  type ScanOut as Scan,
  type ScanProblem,
} from "@/client";
import { body } from "./http";
import type { LiveEvent } from "./socket";

export type { Scan, ScanProblem };

/** How many of the latest scans are shown. */
const SHOWN = 10;

export const scansQuery = queryOptions({
  queryKey: ["scans"],
  queryFn: async ({ signal }) =>
    (await body(getApiV1LibraryScans({ query: { limit: SHOWN }, signal }))).scans,
});

export const isRunning = ({ status }: Scan) => status === "pending" || status === "running";

/** Puts what is told of a scan into the list; says whether more has changed than is told. */
export function mergeScan(queries: QueryClient, event: LiveEvent & { id: number }): boolean {
  const { status, counts } = event as Partial<Pick<Scan, "status" | "counts">>;
  let moved = true;
  queries.setQueryData(scansQuery.queryKey, (old) =>
    old?.map((scan) => {
      if (scan.id !== event.id) return scan;
      moved = status !== undefined && status !== scan.status;
      return { ...scan, status: status ?? scan.status, counts: counts ?? scan.counts };
    }),
  );
  return moved;
}

/** After a scan the figures are others; its problems come with the list. */
export const refreshAfterScan = (queries: QueryClient) =>
  Promise.all(["scans", "storage", "twins"].map((name) => queries.invalidateQueries({ queryKey: [name] })));

export function useBeginScan() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (adopt: boolean) => body(postApiV1LibraryScans({ body: { adopt } })),
    onSettled: () => queries.invalidateQueries({ queryKey: scansQuery.queryKey }),
  });
}

export function useCancelScan() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (id: number) => body(postApiV1LibraryScansByScanIdCancel({ path: { scan_id: id } })),
    onSettled: () => queries.invalidateQueries({ queryKey: scansQuery.queryKey }),
  });
}
