import { ActionIcon, Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useDeleteCollection, type Collection } from "@/api/collections";
import type { Item } from "@/api/items";
import { ConfirmDialog } from "@/components/ConfirmDialog";
import { IconCheck, IconEdit, IconOrder, IconPlay, IconTrash } from "@/components/icons";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { playItems } from "../player/store";
import { CollectionDialog } from "./CollectionDialog";
import styles from "./CollectionActions.module.css";

interface CollectionActionsProps {
  collection: Collection;
  /** What is in it, as far as it is loaded. */
  items: readonly Item[];
  arranging: boolean;
  /** Left out where there is no order to change. */
  onArrange: ((next: boolean) => void) | undefined;
}

/** What can be done with a collection, beside its name. */
export function CollectionActions({ collection, items, arranging, onArrange }: CollectionActionsProps) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const [editing, setEditing] = useState(false);
  const songs = items.filter(({ kind }) => kind === "audio");
  const icon = { variant: "default", size: "lg" } as const;
  if (arranging)
    return (
      <Button size="sm" leftSection={<IconCheck size={16} aria-hidden />} onClick={() => onArrange?.(false)}>
        {say("collections.arranged")}
      </Button>
    );
  return (
    <div className={styles["actions"]}>
      {songs.length > 0 && (
        <Button size="sm" leftSection={<IconPlay size={18} aria-hidden />} onClick={() => playItems(songs)}>
          {say("player.play")}
        </Button>
      )}
      {onArrange && (
        <ActionIcon
          {...icon}
          aria-label={say("collections.arrange")}
          title={say("collections.arrange")}
          onClick={() => onArrange(true)}
        >
          <IconOrder size={20} aria-hidden />
        </ActionIcon>
      )}
      <ActionIcon
        {...icon}
        aria-label={say("collections.edit")}
        title={say("collections.edit")}
        onClick={() => setEditing(true)}
      >
        <IconEdit size={20} aria-hidden />
      </ActionIcon>
      <Delete collection={collection} />
      {editing && (
        <CollectionDialog
          collection={collection}
          onClose={() => setEditing(false)}
          onDone={({ name }) => {
            tell(say("collections.saved", { name }));
            setEditing(false);
          }}
        />
      )}
    </div>
  );
}

function Delete({ collection: { id, name } }: { collection: Collection }) {
  const { say } = useI18n();
  const { tell } = useToasts();
  const navigate = useNavigate();
  const remove = useDeleteCollection();
  const [asking, setAsking] = useState(false);
  const go = () =>
    remove.mutate(id, {
      onSuccess: () => {
        tell(say("collections.deleted", { name }));
        void navigate({ to: "/library/collections", replace: true });
      },
    });
  return (
    <>
      <ActionIcon
        variant="default"
        size="lg"
        aria-label={say("collections.delete")}
        title={say("collections.delete")}
        onClick={() => setAsking(true)}
      >
        <IconTrash size={20} aria-hidden />
      </ActionIcon>
      {asking && (
        <ConfirmDialog
          title={say("collections.deleteTitle")}
          text={say("collections.deleteText", { name })}
          keep={say("form.keep")}
          go={say("collections.delete")}
          busy={remove.isPending}
          error={remove.error}
          onClose={() => setAsking(false)}
          onGo={go}
        />
      )}
    </>
  );
}
