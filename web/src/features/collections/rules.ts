import { ruleOf, type Rule } from "@/api/collections";
import type { ItemFilter } from "@/api/items";

/** A rule with some of its conditions changed; what is empty is no condition. */
export const ruleWith = (old: Rule, changes: ItemFilter): Rule => ruleOf({ ...old, ...changes });
