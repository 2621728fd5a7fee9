import { ruleOf, type Rule } from "@/api/collections";
import type { ItemFilter } from "@/api/items";

/** A rule with some of its conditions changed; what is empty is no condition. */
export const ruleWith = (old: Rule, changes: ItemFilter): Rule => ruleOf({ ...old, ...changes });

const SHOWN: ReadonlySet<string> = new Set([
  "q",
  "kind",
  "is_favourite",
  "tag",
  "artist",
  "album",
  "genre",
  "site",
  "link_id",
] satisfies (keyof Rule)[]);

/** The conditions that the page has no field for: other programs have set them. */
export const othersOf = (query: Rule): Rule =>
  Object.fromEntries(
    Object.entries(ruleOf(query)).filter(([name, value]) => !SHOWN.has(name) || value === false),
  );
