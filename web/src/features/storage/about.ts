import type { Item } from "@/api/items";
import type { Formats } from "@/i18n/format";

/** What tells one copy of a song from another: its kind of file, length, size and site. */
export function about(item: Item, { clock, bytes }: Pick<Formats, "clock" | "bytes">): string[] {
  const file = item.files.find(({ role }) => role === "media");
  const ending = /\.([A-Za-z0-9]{1,5})$/.exec(file?.path ?? "")?.[1]?.toUpperCase();
  return [ending, item.duration ? clock(item.duration) : null, item.size ? bytes(item.size) : null, item.site]
    .filter((fact) => fact !== undefined && fact !== null && fact !== "")
    .map(String);
}
