import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { useCallback } from "react";
import { entriesQuery, VERDICTS, type EntryFilter } from "@/api/links";
import { ChoiceField } from "@/components/ChoiceField";
import { IconFollow } from "@/components/icons";
import { LongList } from "@/components/LongList";
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
      {entries.length > 0 && (
        <LongList
          label={say("link.catalogue")}
          entries={entries}
          keyOf={({ id }) => id}
          height={92}
          total={total}
          onNearEnd={more}
        >
          {(entry) => (
            <div className={styles["row"]}>
              <EntryRow entry={entry} />
            </div>
          )}
        </LongList>
      )}
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
