import { ActionIcon, Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useDeleteItem, useFavourite, usePin, useRestoreItem, type Item } from "@/api/items";
import {
  IconCollect,
  IconEdit,
  IconHeart,
  IconHeartFilled,
  IconPin,
  IconPinFilled,
  IconPodcast,
  IconTrash,
} from "@/components/icons";
import { Section } from "@/components/Screen";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import { CollectDialog } from "./CollectDialog";
import styles from "./ItemPage.module.css";
import { ItemTagsDialog } from "./TagDialog";

/** What can be done with an item, beside its title. */
export function ItemActions({ item }: { item: Item }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const [collecting, setCollecting] = useState(false);
  const favour = useFavourite();
  const pin = usePin();
  const icon = { variant: "default", size: "lg" } as const;
  return (
    <div className={styles["actions"]}>
      <ActionIcon
        {...icon}
        className={styles["toggle"]}
        aria-label={say("item.favourite")}
        aria-pressed={item.is_favourite}
        onClick={() => favour.mutate(item, { onError: complain })}
      >
        {item.is_favourite ? <IconHeartFilled size={20} aria-hidden /> : <IconHeart size={20} aria-hidden />}
      </ActionIcon>
      <ActionIcon
        {...icon}
        className={styles["toggle"]}
        aria-label={say("item.pin")}
        title={say("item.pinNote")}
        aria-pressed={item.pinned}
        loading={pin.isPending}
        onClick={() => pin.mutate({ item, wanted: !item.pinned }, { onError: complain })}
      >
        {item.pinned ? <IconPinFilled size={20} aria-hidden /> : <IconPin size={20} aria-hidden />}
      </ActionIcon>
      <ActionIcon {...icon} aria-label={say("library.collect")} onClick={() => setCollecting(true)}>
        <IconCollect size={20} aria-hidden />
      </ActionIcon>
      <ActionIcon
        {...icon}
        aria-label={say("box.podcast")}
        title={say("box.podcast")}
        renderRoot={(props) => <Link to="/podcasts/new" search={{ items: [item.id] }} {...props} />}
      >
        <IconPodcast size={20} aria-hidden />
      </ActionIcon>
      <Delete item={item} />
      {collecting && <CollectDialog choice={{ ids: [item.id] }} onClose={() => setCollecting(false)} />}
    </div>
  );
}

function Delete({ item }: { item: Item }) {
  const { say } = useI18n();
  const { tell, complain } = useToasts();
  const navigate = useNavigate();
  const remove = useDeleteItem();
  const restore = useRestoreItem();
  const back = () =>
    restore.mutate(item.id, {
      onSuccess: () => tell(say("library.restored", { count: 1 })),
      onError: complain,
    });
  const go = () =>
    remove.mutate(item, {
      onSuccess: () => {
        tell(say("library.trashed", { count: 1 }), { label: say("library.undo"), onAct: back });
        void navigate({ to: "/library", search: {}, replace: true });
      },
      onError: complain,
    });
  return (
    <ActionIcon
      variant="default"
      size="lg"
      aria-label={say("library.trash")}
      loading={remove.isPending}
      onClick={go}
    >
      <IconTrash size={20} aria-hidden />
    </ActionIcon>
  );
}

/** One's own tags of an item; each leads to all that has it. */
export function Tags({ item }: { item: Item }) {
  const { say } = useI18n();
  const [editing, setEditing] = useState(false);
  const edit = (
    <Button
      size="compact-sm"
      variant="subtle"
      leftSection={<IconEdit size={14} aria-hidden />}
      onClick={() => setEditing(true)}
    >
      {say("item.tags.edit")}
    </Button>
  );
  return (
    <Section title={say("item.tags")} aside={edit}>
      {item.tags.length > 0 ? (
        <ul className={styles["tags"]}>
          {item.tags.map((tag) => (
            <li key={tag}>
              <Link to="/library" search={{ tag }} className={styles["tag"]} dir="auto">
                {tag}
              </Link>
            </li>
          ))}
        </ul>
      ) : (
        <p className={styles["fileAbout"]}>{say("item.tags.none")}</p>
      )}
      {editing && <ItemTagsDialog item={item} onClose={() => setEditing(false)} />}
    </Section>
  );
}
