import type { MatchVerdict } from "@/api/review";
import { IconCheck, IconClock, IconEye, IconX } from "@/components/icons";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";

export const VERDICT_LOOKS = {
  matched: { icon: IconCheck, tone: "good" },
  review: { icon: IconEye, tone: "warn" },
  missing: { icon: IconX, tone: "bad" },
  waiting: { icon: IconClock, tone: "plain" },
} as const;

/** A verdict by word, icon and colour: never by colour alone. */
export function VerdictMark({ verdict }: { verdict: MatchVerdict }) {
  const { say } = useI18n();
  return <Tag {...VERDICT_LOOKS[verdict]}>{say(`match.verdict.${verdict}`)}</Tag>;
}
