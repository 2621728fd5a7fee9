import { Skeleton, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import type { Collection } from "@/api/collections";
import type { Item, ItemFilter } from "@/api/items";
import { LongList } from "@/components/LongList";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import { PickableCard } from "./ItemCard";
import { ItemRow } from "./ItemRow";
import { has, NOTHING } from "./selection";
import { SelectionBar } from "./SelectionBar";
import styles from "./Shelf.module.css";
import { useSelection } from "./useSelection";
import type { Shelved } from "./useShelf";
import { Wall } from "./Wall";

const keyOf = (item: Item) => item.id;

interface ShelfProps {
  shelf: Shelved;
  label: string;
  /** What the list is: all of it is what this filter finds. */
  filter: ItemFilter;
  view: "wall" | "list";
  /** The collection put together by hand that this is: things can be taken out of it. */
  within?: Collection | undefined;
  /** Shown where there is nothing. */
  empty: ReactNode;
}

/** Items as a wall of pictures or as a list, to look at and to choose from. */
export function Shelf({ shelf, label, filter, view, within, empty }: ShelfProps) {
  const { say } = useI18n();
  const { items, total, exact, error } = shelf;
  const { selection, active, onPick, set } = useSelection(items, JSON.stringify(filter));
  const shown = { total, onNearEnd: shelf.more, label };
  const picking = (item: Item) => ({ item, active, onPick, chosen: has(selection, item.id) });
  return (
    <>
      {!shelf.isThere && !error && <LoadingWall />}
      {shelf.isThere && items.length === 0 && empty}
      {items.length > 0 && view === "wall" && (
        <Wall items={items} {...shown}>
          {(item) => <PickableCard {...picking(item)} />}
        </Wall>
      )}
      {items.length > 0 && view === "list" && (
        <LongList entries={items} keyOf={keyOf} height={64} className={styles["list"]} {...shown}>
          {(item) => <ItemRow {...picking(item)} />}
        </LongList>
      )}
      {error && <ErrorNote error={error} onRetry={shelf.again} />}
      {items.length > 0 && (
        <p className={styles["end"]} role="status">
          {shelf.isComing && say("library.more")}
          {!shelf.hasMore && total > 30 && say("library.end")}
        </p>
      )}
      {active && (
        <SelectionBar
          items={items}
          selection={selection}
          filter={filter}
          total={total}
          exact={exact}
          within={within}
          onEverything={() => set({ ...NOTHING, everything: true })}
          onClear={() => set(NOTHING)}
        />
      )}
    </>
  );
}

export function LoadingWall() {
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
