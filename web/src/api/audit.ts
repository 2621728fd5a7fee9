import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { getApiV1Audit, type AuditOut as AuditRecord } from "@/client";
import { body } from "./http";

export type { AuditRecord };
export type Outcome = AuditRecord["outcome"];
export const OUTCOMES: readonly Outcome[] = ["success", "failure"];

export interface AuditFilter {
  username?: string | undefined;
  /** How the action's name begins. */
  action?: string | undefined;
  outcome?: Outcome | undefined;
  /** Days as `2026-11-20`, in the time zone of the person who looks; both are included. */
  from?: string | undefined;
  to?: string | undefined;
}

/** A filter as the server's query parameters. */
export function auditParameters({ username, action, outcome, from, to }: AuditFilter) {
  return {
    ...(username ? { username } : {}),
    ...(action ? { action } : {}),
    ...(outcome ? { outcome } : {}),
    ...(from ? { since: midnight(from, 0) } : {}),
    ...(to ? { until: midnight(to, 1) } : {}),
  };
}

function midnight(day: string, later: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  return new Date(year, month - 1, date + later).toISOString();
}

/** Who did what, newest first, page after page. */
export const auditQuery = (filter: AuditFilter) =>
  infiniteQueryOptions({
    queryKey: ["audit", filter],
    queryFn: ({ pageParam, signal }) =>
      body(
        getApiV1Audit({
          query: { limit: 100, ...auditParameters(filter), ...(pageParam ? { cursor: pageParam } : {}) },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: keepPreviousData,
  });

/** Where the records that a filter lets pass are served as a file. */
export function auditExport(filter: AuditFilter, format: "csv" | "jsonl"): string {
  const query = new URLSearchParams({ ...auditParameters(filter), format });
  return `/api/v1/audit/export?${query}`;
}
