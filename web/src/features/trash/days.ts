import type { TrashedItem } from "@/api/trash";

const DAY_MS = 86_400_000;

/** For how many days things stay in the trash, by what one of them says. */
export function daysKept({ trashed_at, goes_at }: Pick<TrashedItem, "trashed_at" | "goes_at">): number {
  return Math.round((Date.parse(goes_at) - Date.parse(trashed_at)) / DAY_MS);
}

/** Whether it may go for ever from now on. */
export const isDue = ({ goes_at }: Pick<TrashedItem, "goes_at">, now = Date.now()) =>
  Date.parse(goes_at) <= now;
