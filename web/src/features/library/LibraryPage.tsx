import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import { itemsQuery, type Item } from "@/api/items";
import { LibraryPlaces } from "@/components/LibraryPlaces";
import { IconLibrary } from "@/components/icons";
import { LongList } from "@/components/LongList";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { Filters } from "./Filters";
import { PickableCard } from "./ItemCard";
import { ItemRow } from "./ItemRow";
import styles from "./LibraryPage.module.css";
import { filterOf, isFiltered, sortOf } from "./search";
import { has, NOTHING } from "./selection";
import { SelectionBar } from "./SelectionBar";
import { useSelection } from "./useSelection";
import { Wall } from "./Wall";

const route = getRouteApi("/shell/library");
const NO_PAGES: never[] = [];
const keyOf = (item: Item) => item.id;

/** All that has been saved, as a wall of pictures or as a list. */
export default function LibraryPage() {
  const { say } = useI18n();
  const search = route.useSearch();
  const filter = filterOf(search);
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    itemsQuery(filter, sortOf(search)),
  );
  const pages = data?.pages ?? NO_PAGES;
  const items = useMemo(() => pages.flatMap((page) => page.items), [pages]);
  const { total = 0, total_is_exact: exact = true } = data?.pages[0] ?? {};
  const { selection, active, onPick, set } = useSelection(items, JSON.stringify(filter));

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  const again = () => void (data ? fetchNextPage() : refetch());

  const shown = { total, onNearEnd: more, label: say("library.title") };
  const picking = (item: Item) => ({ item, active, onPick, chosen: has(selection, item.id) });
  const found = data && (
    <span className={styles["count"]} role="status">
      {say(exact ? "library.count" : "library.countMore", { count: total })}
    </span>
  );
  return (
    <Screen title={say("library.title")}>
      <LibraryPlaces place="library" />
      <Filters found={found} />
      {!data && !error && <LoadingWall />}
      {data && items.length === 0 && <Nothing filtered={isFiltered(filter)} />}
      {items.length > 0 && search.view !== "list" && (
        <Wall items={items} {...shown}>
          {(item) => <PickableCard {...picking(item)} />}
        </Wall>
      )}
      {items.length > 0 && search.view === "list" && (
        <LongList entries={items} keyOf={keyOf} height={64} className={styles["list"]} {...shown}>
          {(item) => <ItemRow {...picking(item)} />}
        </LongList>
      )}
      {error && <ErrorNote error={error} onRetry={again} />}
      {items.length > 0 && (
        <p className={styles["end"]} role="status">
          {isFetchingNextPage && say("library.more")}
          {!hasNextPage && total > 30 && say("library.end")}
        </p>
      )}
      {active && (
        <SelectionBar
          items={items}
          selection={selection}
          filter={filter}
          total={total}
          exact={exact}
          onEverything={() => set({ ...NOTHING, everything: true })}
          onClear={() => set(NOTHING)}
        />
      )}
    </Screen>
  );
}

function Nothing({ filtered }: { filtered: boolean }) {
  const { say } = useI18n();
  const icon = <IconLibrary size={24} />;
  if (!filtered) {
    const paste = <Link to="/">{say("downloads.paste")}</Link>;
    return <Empty icon={icon} title={say("library.none")} note={say("library.noneNote")} action={paste} />;
  }
  const all = (
    <Button variant="default" size="xs" renderRoot={(props) => <Link to="/library" search={{}} {...props} />}>
      {say("library.reset")}
    </Button>
  );
  return <Empty icon={icon} title={say("library.noneFound")} action={all} />;
}

function LoadingWall() {
  const { say } = useI18n();
  return (
    <div className={styles["loading"]} role="status">
      <VisuallyHidden>{say("app.loading")}</VisuallyHidden>
      {Array.from({ length: 12 }, (_, index) => (
        <Skeleton key={index} height={150} radius="md" aria-hidden />
      ))}
    </div>
  );
}
