import type { Edit } from "./edit";

const STORED = "magpie.podcast.script.";

/** A script that was changed and not saved: it outlives a reload and an ended session, and ends with the tab. */
export function readEdit(key: string): Edit | null {
  try {
    const kept = JSON.parse(sessionStorage.getItem(STORED + key) ?? "null") as Edit | null;
    return kept !== null && Array.isArray(kept.turns) && Array.isArray(kept.segments) ? kept : null;
  } catch {
    return null;
  }
}

export function keepEdit(key: string, edit: Edit | null): void {
  try {
    if (edit === null) sessionStorage.removeItem(STORED + key);
    else sessionStorage.setItem(STORED + key, JSON.stringify(edit));
  } catch {
    // Storage may be forbidden or full: the editor itself still has it.
  }
}
