import { useInfiniteQuery } from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import type { WallQuery } from "@/api/items";

const NO_PAGES: never[] = [];

/** A list of items as it comes in, page after page. */
export function useShelf(query: WallQuery) {
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(query);
  const pages = data?.pages ?? NO_PAGES;
  const items = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  const { total = 0, total_is_exact: exact = true } = data?.pages[0] ?? {};
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return {
    items,
    total,
    /** Whether `total` is all there is; otherwise there is more. */
    exact,
    isThere: data !== undefined,
    error,
    hasMore: hasNextPage,
    isComing: isFetchingNextPage,
    more,
    again: () => void (data ? fetchNextPage() : refetch()),
  };
}

export type Shelved = ReturnType<typeof useShelf>;
