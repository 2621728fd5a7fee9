import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import { entriesQuery, VERDICTS, type Entry, type EntryFilter } from "@/api/links";
import { ChoiceField } from "@/components/ChoiceField";
import { IconFollow } from "@/components/icons";
import { SearchField } from "@/components/SearchField";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useI18n } from "@/i18n";
import styles from "./Catalogue.module.css";
import { EntryRow } from "./EntryRow";
import { useReasonName } from "./words";

const route = getRouteApi("/shell/links/$id");

/** Why rules or circumstances leave an entry out; why downloads fail is found by the verdict. */
const REASONS = [
  "filter_title",
  "filter_duration",
  "filter_date",
  "filter_kind",
  "filter_size",
  "filter_language",
  "archive",
  "retention",
  "space",
  "blocked",
  "not_automatic",
  "premiere",
  "live",
  "person",
  "gone",
];

/** All that was ever seen at a link, and why it was or was not downloaded. */
export function Catalogue({ link }: { link: number }) {
  const { say } = useI18n();
  const filter = route.useSearch();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    entriesQuery(link, filter),
  );
  const entries = data?.pages.flatMap((page) => page.entries) ?? [];
  const total = data?.pages[0]?.total ?? 0;
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return (
    <>
      <Filters />
      {!data && !error && <LoadingRows count={5} height={72} />}
      {data && (
        <p className={styles["count"]} role="status">
          {say("entries.count", { count: total })}
        </p>
      )}
      {data && entries.length === 0 && <Nothing filter={filter} link={link} />}
      {entries.length > 0 && <Entries entries={entries} total={total} onNearEnd={more} />}
      {error && <ErrorNote error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {isFetchingNextPage && <LoadingRows count={1} height={72} />}
    </>
  );
}

/** The address of the screen keeps the filters. */
function Filters() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const navigate = route.useNavigate();
  const nameOf = useReasonName();
  const set = (part: EntryFilter) =>
    void navigate({ search: (old) => ({ ...old, ...part }), replace: true, resetScroll: false });
  return (
    <div className={styles["filters"]} role="search">
      <SearchField
        className={styles["search"]}
        label={say("entries.search")}
        value={filter.q ?? ""}
        onSearch={(q) => set({ q })}
      />
      <ChoiceField
        label={say("entries.verdict")}
        value={filter.verdict ?? ""}
        options={[["", say("links.any")], ...VERDICTS.map((each) => [each, say(`verdict.${each}`)] as const)]}
        onChange={(verdict) => set({ verdict: verdict || undefined })}
      />
      <ChoiceField
        label={say("entries.reason")}
        value={filter.reason ?? ""}
        options={[["", say("links.any")], ...REASONS.map((each) => [each, nameOf(each)] as const)]}
        onChange={(reason) => set({ reason: reason || undefined })}
      />
    </div>
  );
}

interface EntriesProps {
  entries: readonly Entry[];
  /** How many there are in all, loaded or not. */
  total: number;
  onNearEnd: () => void;
}

/** A list of which only the rows near the window exist, however long it is. */
function Entries({ entries, total, onNearEnd }: EntriesProps) {
  const { say } = useI18n();
  const whole = useRef<HTMLDivElement>(null);
  const [top, setTop] = useState(0);
  const list = useWindowVirtualizer({
    count: entries.length,
    estimateSize: () => 92,
    overscan: 8,
    scrollMargin: top,
    getItemKey: (index) => entries[index]?.id ?? index,
  });
  const shown = list.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;

  // What stands above may come and go, a message, say: the page is then as much longer or shorter.
  useLayoutEffect(() => {
    const measure = () => {
      if (whole.current) setTop(Math.round(whole.current.getBoundingClientRect().top + scrollY));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(document.body);
    measure();
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (last >= entries.length - 10) onNearEnd();
  }, [last, entries.length, onNearEnd]);

  return (
    <div
      ref={whole}
      className={styles["list"]}
      role="list"
      aria-label={say("link.catalogue")}
      style={{ height: list.getTotalSize() }}
    >
      {shown.map(({ index, start, key }) => {
        const entry = entries[index];
        return (
          entry && (
            <div
              key={key}
              ref={list.measureElement}
              data-index={index}
              role="listitem"
              aria-setsize={total}
              aria-posinset={index + 1}
              className={styles["row"]}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              <EntryRow entry={entry} />
            </div>
          )
        );
      })}
    </div>
  );
}

function Nothing({ filter, link }: { filter: EntryFilter; link: number }) {
  const { say } = useI18n();
  const icon = <IconFollow size={24} />;
  if (Object.values(filter).every((value) => value === undefined))
    return <Empty icon={icon} title={say("entries.none")} />;
  const all = (
    <Button
      variant="default"
      size="xs"
      renderRoot={(props) => <RouterLink to="/links/$id" params={{ id: link }} search={{}} {...props} />}
    >
      {say("library.reset")}
    </Button>
  );
  return <Empty icon={icon} title={say("entries.noneFound")} action={all} />;
}
