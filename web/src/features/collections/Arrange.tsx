import { ActionIcon } from "@mantine/core";
import { useState, type DragEvent } from "react";
import { useMoveInCollection, type Move } from "@/api/collections";
import type { Item } from "@/api/items";
import { forms } from "@/components/Form";
import { IconDown, IconFirst, IconUp } from "@/components/icons";
import { KindIcon } from "@/components/KindIcon";
import { LongList } from "@/components/LongList";
import { Picture } from "@/components/Picture";
import { useToasts } from "@/components/Toasts";
import { useI18n } from "@/i18n";
import type { Shelved } from "../library/useShelf";
import styles from "./Arrange.module.css";

const keyOf = (item: Item) => item.id;

/** The order of a collection, to be changed: by buttons, or by drawing a row to another place. */
export function Arrange({ collection, shelf }: { collection: number; shelf: Shelved }) {
  const { say } = useI18n();
  const { complain } = useToasts();
  const move = useMoveInCollection(collection);
  const [drawn, setDrawn] = useState<number | null>(null);
  const { items, hasMore } = shelf;
  const go = (wanted: Move) => move.mutate(wanted, { onError: complain });
  const drop = (event: DragEvent, at: number) => {
    event.preventDefault();
    const from = items.findIndex(({ id }) => id === drawn);
    setDrawn(null);
    if (drawn === null || from === at) return;
    // Downwards it takes the place of the row that it is dropped on, too.
    const before = items[from < at ? at + 1 : at]?.id ?? null;
    if (before !== null || !hasMore) go({ id: drawn, before });
  };
  return (
    <>
      <p className={forms.note}>{say("collections.arrangeNote")}</p>
      <LongList
        label={say("collections.arrange")}
        entries={items}
        keyOf={keyOf}
        height={61}
        total={shelf.total}
        onNearEnd={shelf.more}
      >
        {(item) => {
          const at = items.indexOf(item);
          return (
            <div
              className={`${styles["row"]} ${drawn === item.id ? styles["drawn"] : ""}`}
              draggable
              onDragStart={(event) => {
                event.dataTransfer.effectAllowed = "move";
                setDrawn(item.id);
              }}
              onDragOver={(event) => event.preventDefault()}
              onDrop={(event) => drop(event, at)}
              onDragEnd={() => setDrawn(null)}
            >
              <Row item={item} items={items} at={at} hasMore={hasMore} onMove={go} />
            </div>
          );
        }}
      </LongList>
    </>
  );
}

/** A button that can do nothing now, and keeps the focus that it may have. */
const unless = (no: boolean) => (no ? { "data-disabled": true, "aria-disabled": true } : {});

interface RowProps {
  item: Item;
  items: readonly Item[];
  at: number;
  hasMore: boolean;
  onMove: (move: Move) => void;
}

function Row({ item, items, at, hasMore, onMove }: RowProps) {
  const { say } = useI18n();
  const { id, title } = item;
  const first = items[0];
  const previous = items[at - 1];
  // What comes after the next one may not be loaded yet.
  const isLast = at + 1 >= items.length || (at + 2 >= items.length && hasMore);
  const button = { variant: "subtle", size: "lg" } as const;
  return (
    <>
      <Picture
        address={item.thumbnail_url}
        fallback={<KindIcon kind={item.kind} />}
        className={styles["picture"]}
      />
      <span className={styles["title"]} dir="auto">
        {title}
      </span>
      <span className={styles["buttons"]}>
        <ActionIcon
          {...button}
          aria-label={say("collections.first", { title })}
          {...unless(at === 0)}
          onClick={() => first && at > 0 && onMove({ id, before: first.id })}
        >
          <IconFirst size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon
          {...button}
          aria-label={say("player.up", { title })}
          {...unless(at === 0)}
          onClick={() => previous && onMove({ id, before: previous.id })}
        >
          <IconUp size={18} aria-hidden />
        </ActionIcon>
        <ActionIcon
          {...button}
          aria-label={say("player.down", { title })}
          {...unless(isLast)}
          onClick={() => !isLast && onMove({ id, before: items[at + 2]?.id ?? null })}
        >
          <IconDown size={18} aria-hidden />
        </ActionIcon>
      </span>
    </>
  );
}
