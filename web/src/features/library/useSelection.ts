import { useCallback, useEffect, useMemo, useState } from "react";
import type { Item } from "@/api/items";
import { isActive, NOTHING, pick } from "./selection";

/** What is chosen of a list; Escape drops it, Ctrl+A chooses all that is there. */
export function useSelection(items: readonly Item[], list: string) {
  const [{ selection, of }, setState] = useState({ selection: NOTHING, of: list });
  const set = useCallback((next: typeof NOTHING) => setState({ selection: next, of: list }), [list]);
  // Another search is another list: what was chosen in the old one may not even be seen in it.
  const current = of === list ? selection : NOTHING;
  const active = isActive(current);
  const ids = useMemo(() => items.map(({ id }) => id), [items]);

  const onPick = useCallback(
    (id: number, range: boolean) =>
      setState((old) => ({
        selection: pick(old.of === list ? old.selection : NOTHING, ids, id, range),
        of: list,
      })),
    [ids, list],
  );
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const typing = (event.target as Element).closest(
        "input:not([type=checkbox]), textarea, select, dialog",
      );
      if (typing || event.defaultPrevented) return;
      if (event.key === "Escape" && active) set(NOTHING);
      if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey) && ids.length > 0) {
        event.preventDefault();
        set({ ...NOTHING, chosen: new Set(ids) });
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [active, ids, set]);

  return { selection: current, active, onPick, set };
}
