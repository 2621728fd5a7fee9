import type { Entry, Link } from "@/api/links";
import { useI18n, type Say } from "@/i18n";

/** An interval in the largest unit that fits. */
export function everyWords(minutes: number, say: Say): string {
  if (minutes % 1440 === 0) return say("link.every.days", { count: minutes / 1440 });
  if (minutes % 60 === 0) return say("link.every.hours", { count: minutes / 60 });
  return say("link.every.minutes", { count: minutes });
}

/** When a link is looked at next, in words. */
export function useNextCheck(link: Link, now: number): string {
  const { say, ago } = useI18n();
  if (link.died_at !== null) return say("link.next.dead");
  if (!link.is_enabled) return say("link.next.off");
  if (link.status === "checking") return say("link.next.running");
  if (link.next_check_at === null || Date.parse(link.next_check_at) <= now) return say("link.next.due");
  return say("link.next.at", { time: ago(link.next_check_at, now) });
}

/** A link's entries by what became of them, in words; what there is none of is left out. */
export function useCounts(): (link: Link) => string[] {
  const { say } = useI18n();
  return ({ counts: { known = 0, downloaded = 0, wanted = 0, failed = 0, skipped = 0 } }) =>
    [
      known > 0 && say("link.counts", { done: downloaded, count: known }),
      wanted > 0 && say("link.counts.wanted", { count: wanted }),
      failed > 0 && say("link.counts.failed", { count: failed }),
      skipped > 0 && say("link.counts.skipped", { count: skipped }),
    ].filter((each) => each !== false);
}

/** What is wrong with a link and what to do about it, in the language in use. */
export function useLinkDiagnosis(link: Link): { message: string; hint: string | null } | null {
  const { sayIfKnown } = useI18n();
  if (link.error_message === null && link.reason === null) return null;
  return {
    message: (link.reason && sayIfKnown(`reason.${link.reason}`)) ?? link.error_message ?? "",
    hint: (link.reason && sayIfKnown(`hint.${link.reason}`)) ?? link.hint,
  };
}

/** Why an entry was downloaded or not. */
export function useWhy(): (entry: Pick<Entry, "why" | "reason" | "verdict">) => string {
  const { language, sayIfKnown } = useI18n();
  return ({ why, reason, verdict }) => {
    // The server's own sentences are English, and know the very number or pattern that decided.
    if (language === "en") return why;
    const told = reason && (sayIfKnown(`why.${reason}`) ?? sayIfKnown(`reason.${reason}`));
    return told ?? sayIfKnown(`why.is.${verdict}`) ?? why;
  };
}

/** A reason's name, short. */
export function useReasonName(): (reason: string) => string {
  const { sayIfKnown } = useI18n();
  return (reason) => sayIfKnown(`why.${reason}`) ?? sayIfKnown(`reason.${reason}`) ?? reason;
}

/** What cookies could mend: the button then leads to them. */
const WANTS_COOKIES = new Set([
  "private",
  "members_only",
  "login_required",
  "age_gated",
  "forbidden",
  "bot_check",
]);
const WANTS_ADDRESS = new Set(["bad_address", "not_found", "removed", "unsupported", "no_media"]);

export type Mend = "cookies" | "address" | "check";

/** The one thing that most probably helps a link that fails. */
export function mendOf(reason: string | null): Mend {
  if (reason !== null && WANTS_COOKIES.has(reason)) return "cookies";
  return reason !== null && WANTS_ADDRESS.has(reason) ? "address" : "check";
}
