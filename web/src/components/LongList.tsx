import { useWindowVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef, type Key, type ReactNode } from "react";
import styles from "./LongList.module.css";
import { useTop } from "./useTop";

interface LongListProps<Entry> {
  label: string;
  entries: readonly Entry[];
  keyOf: (entry: Entry) => Key;
  /** What a row is high, more or less, in pixels. */
  height: number;
  /** How many there are in all, loaded or not. */
  total?: number;
  className?: string | undefined;
  /** The entry that the keyboard stands on: it is brought into sight. */
  active?: number | undefined;
  onNearEnd?: () => void;
  children: (entry: Entry) => ReactNode;
}

/** A list of which only the rows near the window exist, however long it is. */
export function LongList<Entry>({
  label,
  entries,
  keyOf,
  height,
  total = entries.length,
  className = "",
  active = -1,
  onNearEnd,
  children,
}: LongListProps<Entry>) {
  const whole = useRef<HTMLDivElement>(null);
  const top = useTop(whole);
  const list = useWindowVirtualizer({
    count: entries.length,
    estimateSize: () => height,
    overscan: 8,
    scrollMargin: top,
    // Bars float at both edges of the window.
    scrollPaddingStart: 72,
    scrollPaddingEnd: 88,
    getItemKey: (index) => {
      const entry = entries[index];
      return entry === undefined ? index : keyOf(entry);
    },
  });
  const shown = list.getVirtualItems();
  const last = shown.at(-1)?.index ?? -1;

  useEffect(() => {
    if (last >= entries.length - 10) onNearEnd?.();
  }, [last, entries.length, onNearEnd]);

  useEffect(() => {
    if (active >= 0) list.scrollToIndex(active);
  }, [list, active]);

  return (
    <div
      ref={whole}
      className={`${styles["list"]} ${className}`}
      role="list"
      aria-label={label}
      style={{ height: list.getTotalSize() }}
    >
      {shown.map(({ index, start, key }) => {
        const entry = entries[index];
        return (
          entry !== undefined && (
            <div
              key={key}
              ref={list.measureElement}
              data-index={index}
              role="listitem"
              aria-setsize={total}
              aria-posinset={index + 1}
              className={styles["row"]}
              style={{ transform: `translateY(${start - top}px)` }}
            >
              {children(entry)}
            </div>
          )
        );
      })}
    </div>
  );
}
