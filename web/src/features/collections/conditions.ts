import type { Rule } from "@/api/collections";
import { stated } from "@/api/items";
import type { Translation } from "@/i18n";

type Named =
  | "library.kind"
  | "library.tag"
  | "item.artist"
  | "item.album"
  | "library.genre"
  | "item.site"
  | "library.link";
type Words = Pick<Translation, "say" | "clock" | "day">;

/** What a saved search asks for, one condition after the other, in words. `link`: the name of its link, if that is known. */
export function conditionsOf(query: Rule, { say, clock, day }: Words, link?: string): string[] {
  const rule = stated(query);
  const is = (name: Named, value: string | number) =>
    say("rule.is", { name: say(name), value: String(value) });
  const told = [
    rule.q && say("rule.words", { words: rule.q }),
    rule.kind && is("library.kind", say(`kind.${rule.kind}`)),
    rule.is_favourite !== undefined && say(rule.is_favourite ? "library.favourites" : "rule.noFavourites"),
    rule.is_finished !== undefined && say(rule.is_finished ? "rule.finished" : "rule.unfinished"),
    rule.tag && is("library.tag", rule.tag),
    rule.artist && is("item.artist", rule.artist),
    rule.album && is("item.album", rule.album),
    rule.genre && is("library.genre", rule.genre),
    rule.site && is("item.site", rule.site),
    rule.link_id && is("library.link", link ?? rule.link_id),
    rule.language && say("rule.language", { language: rule.language }),
    rule.min_duration !== undefined && say("rule.atLeast", { time: clock(rule.min_duration) }),
    rule.max_duration !== undefined && say("rule.atMost", { time: clock(rule.max_duration) }),
    rule.published_after && say("rule.after", { day: day(rule.published_after) }),
    rule.published_before && say("rule.before", { day: day(rule.published_before) }),
  ];
  return told.filter((each) => typeof each === "string" && each !== "") as string[];
}
