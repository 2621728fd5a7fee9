import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { meQuery } from "@/api/account";
import { useRestoreItem } from "@/api/items";
import { useDeleteForEver, type TrashedItem } from "@/api/trash";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconUndo } from "@/components/icons";
import { KindIcon } from "@/components/KindIcon";
import { Picture } from "@/components/Picture";
import { Row } from "@/components/Rows";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { isDue } from "./days";
import styles from "./TrashRow.module.css";

/** One thing in the trash. */
export function TrashRow({ item }: { item: TrashedItem }) {
  const { say, ago, bytes } = useI18n();
  const goes = isDue(item) ? say("trash.goesSoon") : say("trash.goes", { time: ago(item.goes_at) });
  const facts = [
    item.artist ?? item.site,
    item.size > 0 && bytes(item.size),
    say("trash.thrown", { time: ago(item.trashed_at) }),
    goes,
  ];
  return (
    <Row
      picture={
        <Picture
          address={item.thumbnail_url}
          fallback={<KindIcon kind={item.kind} />}
          className={styles["picture"]}
        />
      }
      title={<span dir="auto">{item.title}</span>}
      facts={facts.map((fact, index) => fact && <bdi key={index}>{fact}</bdi>)}
      actions={
        <>
          <RestoreButton item={item} />
          <DeleteButton item={item} />
        </>
      }
    />
  );
}

function RestoreButton({ item: { id, title } }: { item: TrashedItem }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const restore = useRestoreItem();
  return (
    <Button
      size="xs"
      variant="default"
      leftSection={<IconUndo size={16} aria-hidden />}
      aria-label={say("trash.restoreNamed", { title })}
      loading={restore.isPending}
      onClick={() =>
        void restore
          .mutateAsync(id)
          .then(() => tell(say("trash.restored", { title })))
          .catch(complain)
      }
    >
      {say("trash.restore")}
    </Button>
  );
}

function DeleteButton({ item: { id, title } }: { item: TrashedItem }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const { data: me } = useQuery(meQuery);
  const everybody = me?.is_superuser ?? false;
  const remove = useDeleteForEver();
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button
        size="xs"
        variant="default"
        aria-label={say("trash.deleteNamed", { title })}
        onClick={() => setAsking(true)}
      >
        {say("trash.delete")}
      </Button>
      {asking && (
        <ConfirmDialog
          title={say("trash.deleteTitle")}
          text={
            everybody
              ? `${say("trash.deleteText", { title })} ${say("trash.deleteEverybody")}`
              : say("trash.deleteText", { title })
          }
          keep={say("form.keep")}
          go={say("trash.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          // The row goes before the mutation's own callbacks are called.
          onGo={() =>
            void remove
              .mutateAsync({ id, everybody })
              .then(() => {
                setAsking(false);
                tell(say("trash.deleted", { title }));
              })
              .catch(() => undefined)
          }
        />
      )}
    </>
  );
}
