import type { ProfileSpec } from "@/api/profiles";

type Sponsors = NonNullable<ProfileSpec["sponsorblock"]>;
export type Markable = NonNullable<Sponsors["mark"]>[number];
export type Cuttable = NonNullable<Sponsors["remove"]>[number];

/** SponsorBlock's kinds of parts that have a length, and can be cut out. */
const CUTTABLE: readonly Cuttable[] = [
  "sponsor",
  "selfpromo",
  "interaction",
  "intro",
  "outro",
  "preview",
  "hook",
  "music_offtopic",
  "filler",
];
export const MARKABLE: readonly Markable[] = [...CUTTABLE, "poi_highlight", "chapter"];

/** What becomes of a part. */
export const FATES = ["leave", "mark", "remove"] as const;
export type Fate = (typeof FATES)[number];

export const canBeCut = (category: Markable): category is Cuttable =>
  (CUTTABLE as readonly Markable[]).includes(category);

export function fateOf({ mark = [], remove = [] }: Sponsors, category: Markable): Fate {
  if (canBeCut(category) && remove.includes(category)) return "remove";
  return mark.includes(category) ? "mark" : "leave";
}

/** The same with another fate for one kind of parts. */
export function withFate({ mark = [], remove = [] }: Sponsors, category: Markable, fate: Fate): Sponsors {
  const others = {
    mark: mark.filter((each) => each !== category),
    remove: remove.filter((each) => each !== category),
  };
  if (fate === "mark") return { ...others, mark: [...others.mark, category] };
  if (fate === "remove" && canBeCut(category)) return { ...others, remove: [...others.remove, category] };
  return others;
}
