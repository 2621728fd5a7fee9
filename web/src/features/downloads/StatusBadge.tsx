import type { Status } from "@/api/downloads";
import { IconAlert, IconBan, IconCheck, IconClock, IconDownload, IconSkip } from "@/components/icons";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";

const LOOKS = {
  pending: { icon: IconClock, tone: "plain" },
  downloading: { icon: IconDownload, tone: "accent" },
  completed: { icon: IconCheck, tone: "good" },
  failed: { icon: IconAlert, tone: "bad" },
  cancelled: { icon: IconBan, tone: "plain" },
  skipped: { icon: IconSkip, tone: "plain" },
} as const;

/** A state by word, icon and colour: never by colour alone. */
export function StatusBadge({ status }: { status: Status }) {
  const { say } = useI18n();
  return <Tag {...LOOKS[status]}>{say(`status.${status}`)}</Tag>;
}
