import { useEffect, useRef, type MouseEvent, type PointerEvent } from "react";
import type { Item } from "@/api/items";
import { useI18n } from "@/i18n";
import styles from "./Pick.module.css";

export interface Picking {
  chosen: boolean;
  /** Something is chosen already: then a plain click chooses, too. */
  active: boolean;
  onPick: (id: number, range: boolean) => void;
}

/** A finger that stays so long, in milliseconds, chooses. */
const LONG_MS = 450;
/** A finger that moves so far, in pixels, scrolls. */
const FAR = 10;

/** How a link to an item chooses it: by Ctrl, Shift or a long press; by any click once something is chosen. */
export function usePickable(id: number, { active, onPick }: Picking) {
  const press = useRef<{ timer: ReturnType<typeof setTimeout>; x: number; y: number } | null>(null);
  const wasLong = useRef(false);
  const release = () => {
    if (press.current) clearTimeout(press.current.timer);
    press.current = null;
  };
  useEffect(() => release, []);
  return {
    onClick: (event: MouseEvent) => {
      if (wasLong.current) {
        wasLong.current = false;
        event.preventDefault();
      } else if (active || event.ctrlKey || event.metaKey || event.shiftKey) {
        event.preventDefault();
        onPick(id, event.shiftKey);
      }
    },
    onPointerDown: (event: PointerEvent) => {
      wasLong.current = false;
      if (event.pointerType === "mouse") return;
      const timer = setTimeout(() => {
        wasLong.current = true;
        onPick(id, false);
      }, LONG_MS);
      press.current = { timer, x: event.clientX, y: event.clientY };
    },
    onPointerMove: ({ clientX, clientY }: PointerEvent) => {
      const from = press.current;
      if (from && Math.hypot(clientX - from.x, clientY - from.y) > FAR) release();
    },
    onPointerUp: release,
    onPointerCancel: release,
    // A long press would also open the browser's own menu.
    onContextMenu: (event: MouseEvent) => {
      if (wasLong.current || press.current) event.preventDefault();
    },
    draggable: false,
  };
}

/** The box that chooses an item; on pictures it shows when one needs it. */
export function PickBox({ item, picking, quiet }: { item: Item; picking: Picking; quiet: boolean }) {
  const { say } = useI18n();
  const range = useRef(false);
  return (
    <input
      type="checkbox"
      className={`${styles["box"]} ${quiet && !picking.active ? styles["quiet"] : ""}`}
      aria-label={say("library.choose", { title: item.title })}
      checked={picking.chosen}
      onClick={(event) => (range.current = event.shiftKey)}
      onChange={() => picking.onPick(item.id, range.current)}
    />
  );
}
