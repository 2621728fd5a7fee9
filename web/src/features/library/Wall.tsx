import { useElementSize, useMergedRef } from "@mantine/hooks";
import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type ReactNode } from "react";
import { useTop } from "@/components/useTop";
import styles from "./Wall.module.css";

const GAP = 16;
/** The narrowest a picture gets, on a phone and elsewhere. */
const NARROWEST = { phone: 140, wide: 190 };
/** Below a picture: two lines of title and one about it. */
const WORDS = 76;
/** So many rows before the end of what is there, more is asked for: a few screens of quick scrolling. */
const AHEAD = 12;

interface WallProps<Entry> {
  items: readonly Entry[];
  /** How many there are in all, loaded or not. */
  total: number;
  label: string;
  onNearEnd?: () => void;
  children: (item: Entry) => ReactNode;
}

/** A wall of pictures of which only the rows near the window exist, however long it is. */
export function Wall<Entry extends { id: number }>({
  items,
  total,
  label,
  onNearEnd,
  children,
}: WallProps<Entry>) {
  const { ref: sized, width } = useElementSize<HTMLDivElement>();
  const whole = useRef<HTMLDivElement>(null);
  const top = useTop(whole);
  const narrowest = width < 560 ? NARROWEST.phone : NARROWEST.wide;
  const columns = Math.max(2, Math.floor((width + GAP) / (narrowest + GAP)));
  const rows = width === 0 ? 0 : Math.ceil(items.length / columns);
  const height = ((width - GAP * (columns - 1)) / columns) * (10 / 16) + WORDS + GAP;

  const wall = useWindowVirtualizer({
    count: rows,
    estimateSize: () => height,
    overscan: 3,
    scrollMargin: top,
  });
  const shown = wall.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;

  useEffect(() => wall.measure(), [wall, height]);
  useEffect(() => {
    if (rows > 0 && last >= rows - AHEAD) onNearEnd?.();
  }, [last, rows, onNearEnd]);

  return (
    <div
      ref={useMergedRef(sized, whole)}
      className={styles["wall"]}
      role="list"
      aria-label={label}
      style={{ height: wall.getTotalSize() }}
    >
      {shown.map(({ index, start, key }) => (
        <div
          key={key}
          role="presentation"
          className={styles["row"]}
          style={{
            transform: `translateY(${start - top}px)`,
            gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))`,
          }}
        >
          {items.slice(index * columns, (index + 1) * columns).map((item, column) => (
            <div
              key={item.id}
              role="listitem"
              aria-setsize={total}
              aria-posinset={index * columns + column + 1}
            >
              {children(item)}
            </div>
          ))}
        </div>
      ))}
    </div>
  );
}
