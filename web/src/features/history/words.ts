import type { Check } from "@/api/history";
import { useI18n } from "@/i18n";

/** What came of a check, in the language in use: from its numbers, since the server's sentence is English. */
export function useCheckWords(): (check: Check) => string {
  const { say, sayIfKnown } = useI18n();
  return ({ status, message, details, queued, landed, failed }) => {
    if (status === "failure") return (details.reason && sayIfKnown(`reason.${details.reason}`)) ?? message;
    const coming = queued - landed - failed - (details.held ?? 0);
    const parts = [
      landed > 0 && say("check.landed", { count: landed }),
      failed > 0 && say("check.failed", { count: failed }),
      coming > 0 && say("check.coming", { count: coming }),
    ].filter((part) => part !== false);
    if (parts.length === 0)
      parts.push(details.new ? say("check.found", { count: details.new }) : say("check.nothing"));
    if (details.skipped) parts.push(say("check.skipped", { count: details.skipped }));
    if (details.backfill) parts.push(say("check.backfill"));
    return parts.join(" ");
  };
}

type Tier = NonNullable<Check["details"]["tiers"]>[number];

/** What came of one way of looking. The server's own words are English, and say more than the code. */
export function useTierWords(): (tier: Tier) => string | null {
  const { language, sayIfKnown } = useI18n();
  return ({ outcome, reason }) => {
    if (language === "en") return outcome ?? null;
    return reason ? (sayIfKnown(`reason.${reason}`) ?? sayIfKnown(`check.reason.${reason}`)) : null;
  };
}
