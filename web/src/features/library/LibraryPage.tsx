import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useCallback } from "react";
import { itemsQuery, KINDS } from "@/api/items";
import { choice, Choices } from "@/components/Choices";
import { IconLibrary } from "@/components/icons";
import { Screen } from "@/components/Screen";
import { SearchField } from "@/components/SearchField";
import { Empty, ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import styles from "./LibraryPage.module.css";
import { Wall } from "./Wall";

const route = getRouteApi("/shell/library");

export default function LibraryPage() {
  const { say } = useI18n();
  const { q, kind } = route.useSearch();
  const navigate = route.useNavigate();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    itemsQuery({ q, kind }),
  );
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  const total = data?.pages[0]?.total ?? 0;

  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);

  const again = () => void (data ? fetchNextPage() : refetch());
  return (
    <Screen
      title={say("library.title")}
      actions={
        data && (
          <span className={styles["count"]} role="status">
            {say("library.count", { count: total })}
          </span>
        )
      }
    >
      <div className={styles["tools"]}>
        <SearchField
          className={styles["search"]}
          label={say("library.search")}
          value={q ?? ""}
          onSearch={(next) => void navigate({ search: (old) => ({ ...old, q: next }), replace: true })}
        />
        <Choices label={say("library.kind")}>
          <Link to="/library" search={{ q }} {...choice(kind === undefined)}>
            {say("library.all")}
          </Link>
          {KINDS.map((each) => (
            <Link key={each} to="/library" search={{ q, kind: each }} {...choice(kind === each)}>
              {say(`kind.${each}`)}
            </Link>
          ))}
        </Choices>
      </div>
      {!data && !error && <LoadingWall />}
      {data && items.length === 0 && <Nothing filtered={q !== undefined || kind !== undefined} />}
      {items.length > 0 && <Wall items={items} total={total} label={say("library.title")} onNearEnd={more} />}
      {error && <ErrorNote error={error} onRetry={again} />}
      {items.length > 0 && (
        <p className={styles["end"]} role="status">
          {isFetchingNextPage && say("library.more")}
          {!hasNextPage && total > 30 && say("library.end")}
        </p>
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
