import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link as RouterLink } from "@tanstack/react-router";
import { useCallback } from "react";
import { CHECK_STATUSES, historyQuery } from "@/api/history";
import { linkQuery } from "@/api/links";
import { ChoiceField } from "@/components/ChoiceField";
import { Sentinel } from "@/components/endless";
import { forms } from "@/components/Form";
import { IconAudit, IconX } from "@/components/icons";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { FollowScreen } from "@/features/links/FollowScreen";
import { useNow } from "@/components/useNow";
import { useI18n } from "@/i18n";
import { CheckRow, CheckRows } from "./CheckRow";

const route = getRouteApi("/shell/links/history");

/** How the checks of what is followed went. */
export default function HistoryPage() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } = useInfiniteQuery(
    historyQuery(filter),
  );
  useNow();
  const checks = data?.pages.flat() ?? [];
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return (
    <FollowScreen place="history">
      <Filters />
      {!data && !error && <LoadingRows count={8} height={52} />}
      {data && checks.length === 0 && <Nothing />}
      {checks.length > 0 && (
        <CheckRows label={say("follow.history")}>
          {checks.map((check) => (
            <CheckRow key={check.id} check={check} named />
          ))}
        </CheckRows>
      )}
      {error && <ErrorNote error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {hasNextPage && <Sentinel key={checks.length} onNear={more} />}
      {isFetchingNextPage && <LoadingRows count={1} height={52} />}
    </FollowScreen>
  );
}

/** The address of the screen keeps the filters. */
function Filters() {
  const { say } = useI18n();
  const { link, status } = route.useSearch();
  const navigate = route.useNavigate();
  const { data } = useQuery({ ...linkQuery(link ?? 0), enabled: link !== undefined, retry: false });
  return (
    <div className={forms.filters} role="search">
      <ChoiceField
        label={say("history.status")}
        value={status ?? ""}
        options={[
          ["", say("links.any")],
          ...CHECK_STATUSES.map((each) => [each, say(`outcome.${each}`)] as const),
        ]}
        onChange={(next) =>
          void navigate({ search: (old) => ({ ...old, status: next || undefined }), replace: true })
        }
      />
      {link !== undefined && (
        <Button
          variant="light"
          rightSection={<IconX size={14} aria-hidden />}
          aria-label={say("links.without", { what: data?.name ?? String(link) })}
          renderRoot={(props) => <RouterLink to="/links/history" search={{ status }} {...props} />}
        >
          {data?.name ?? say("history.link", { number: link })}
        </Button>
      )}
    </div>
  );
}

function Nothing() {
  const { say } = useI18n();
  const filter = route.useSearch();
  const icon = <IconAudit size={24} />;
  if (filter.link === undefined && filter.status === undefined)
    return <Empty icon={icon} title={say("history.none")} />;
  const all = (
    <Button
      variant="default"
      size="xs"
      renderRoot={(props) => <RouterLink to="/links/history" search={{}} {...props} />}
    >
      {say("library.reset")}
    </Button>
  );
  return <Empty icon={icon} title={say("history.noneFound")} action={all} />;
}
