/** What is chosen of a list: some of it, or all that its filter finds, loaded or not. */
export interface Selection {
  chosen: ReadonlySet<number>;
  /** Where a range begins that Shift ends. */
  anchor: number | null;
  everything: boolean;
}

export const NOTHING: Selection = { chosen: new Set(), anchor: null, everything: false };

export const isActive = ({ chosen, everything }: Selection) => everything || chosen.size > 0;

export const has = ({ chosen, everything }: Selection, id: number) => everything || chosen.has(id);

/** Turns one over; with `range`, all from the last one to this one become as that one is. `ids`: the list in its order. */
export function pick(old: Selection, ids: readonly number[], id: number, range: boolean): Selection {
  const chosen = new Set(old.everything ? ids : old.chosen);
  const from = range && old.anchor !== null ? ids.indexOf(old.anchor) : -1;
  const to = ids.indexOf(id);
  if (from < 0 || to < 0) {
    if (!chosen.delete(id)) chosen.add(id);
  } else {
    const yes = old.anchor === null || has(old, old.anchor);
    for (const each of ids.slice(Math.min(from, to), Math.max(from, to) + 1)) {
      if (yes) chosen.add(each);
      else chosen.delete(each);
    }
  }
  return { chosen, anchor: id, everything: false };
}

/** What is no longer there is no longer chosen. */
export function without(old: Selection, gone: readonly number[]): Selection {
  const chosen = new Set(old.chosen);
  for (const id of gone) chosen.delete(id);
  return { ...old, chosen };
}
