import { infiniteQueryOptions, keepPreviousData } from "@tanstack/react-query";
import { getApiV1History, type HistoryOut as Check } from "@/client";
import { body } from "./http";

export type { Check };
export type CheckStatus = Check["status"];
export const CHECK_STATUSES: readonly CheckStatus[] = ["success", "failure"];

export interface HistoryFilter {
  link?: number | undefined;
  status?: CheckStatus | undefined;
}

/** The checks, newest first, page after page by the last number seen. */
export const historyQuery = ({ link, status }: HistoryFilter, perPage = 50) =>
  infiniteQueryOptions({
    queryKey: ["history", { link, status, perPage }],
    queryFn: ({ pageParam, signal }) =>
      body(
        getApiV1History({
          query: {
            limit: perPage,
            ...(link ? { link_id: link } : {}),
            ...(status ? { status } : {}),
            ...(pageParam ? { before: pageParam } : {}),
          },
          signal,
        }),
      ),
    initialPageParam: null as number | null,
    getNextPageParam: (last) => (last.length < perPage ? null : (last.at(-1)?.id ?? null)),
    placeholderData: keepPreviousData,
  });
