import { Button } from "@mantine/core";
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useCallback, useState } from "react";
import { meQuery } from "@/api/account";
import { trashQuery, useEmptyTrash } from "@/api/trash";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { Sentinel } from "@/components/endless";
import { forms } from "@/components/Form";
import { IconTrash } from "@/components/icons";
import { LibraryPlaces } from "@/components/LibraryPlaces";
import { Rows } from "@/components/Rows";
import { Screen } from "@/components/Screen";
import { Empty, ErrorNote, LoadingRows } from "@/components/states";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { daysKept } from "./days";
import { TrashRow } from "./TrashRow";

/** What was deleted and can still be taken out again. */
export default function TrashPage() {
  const { say, bytes } = useI18n();
  const { data, error, refetch, hasNextPage, isFetchingNextPage, fetchNextPage } =
    useInfiniteQuery(trashQuery);
  const items = data?.pages.flatMap((page) => page.items) ?? [];
  // The last page knows best how much there is.
  const { total = 0, size = 0 } = data?.pages.at(-1) ?? {};
  const days = items[0] && daysKept(items[0]);
  const more = useCallback(() => {
    if (hasNextPage && !isFetchingNextPage && !error) void fetchNextPage();
  }, [hasNextPage, isFetchingNextPage, error, fetchNextPage]);
  return (
    <Screen title={say("places.trash")} actions={total > 0 && <EmptyButton total={total} size={size} />}>
      <LibraryPlaces place="trash" />
      {!data && !error && <LoadingRows count={5} height={84} />}
      {data && items.length === 0 && (
        <Empty icon={<IconTrash size={24} />} title={say("trash.none")} note={say("trash.noneNote")} />
      )}
      {items.length > 0 && (
        <>
          <p className={forms.note}>
            <span role="status">{say("trash.count", { count: total, size: bytes(size) })}</span>
            {days !== undefined && <> · {say("trash.days", { count: days })}</>}
          </p>
          <Rows label={say("places.trash")}>
            {items.map((item) => (
              <TrashRow key={item.id} item={item} />
            ))}
          </Rows>
        </>
      )}
      {error && <ErrorNote error={error} onRetry={() => void (data ? fetchNextPage() : refetch())} />}
      {hasNextPage && <Sentinel key={items.length} onNear={more} />}
      {isFetchingNextPage && <LoadingRows count={1} height={84} />}
    </Screen>
  );
}

function EmptyButton({ total, size }: { total: number; size: number }) {
  const { say, bytes } = useI18n();
  const { tell } = useToasts();
  const { data: me } = useQuery(meQuery);
  const empty = useEmptyTrash();
  const [asking, setAsking] = useState(false);
  const text = say("trash.emptyText", { count: total, size: bytes(size) });
  return (
    <>
      <Button
        size="sm"
        variant="default"
        leftSection={<IconTrash size={16} aria-hidden />}
        onClick={() => setAsking(true)}
      >
        {say("trash.empty")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={say("trash.emptyTitle")}
          text={me?.is_superuser ? `${text} ${say("trash.emptyEverybody")}` : text}
          keep={say("form.keep")}
          go={say("trash.empty")}
          busy={empty.isPending}
          error={empty.error}
          onClose={() => setAsking(false)}
          onGo={() =>
            empty.mutate(me?.is_superuser ?? false, {
              onSuccess: ({ count }) => {
                setAsking(false);
                tell(say("trash.emptied", { count }));
              },
            })
          }
        />
      )}
    </>
  );
}
