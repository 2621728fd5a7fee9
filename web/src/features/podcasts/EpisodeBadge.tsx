import {
  IconAlert,
  IconBan,
  IconCheck,
  IconClock,
  IconEye,
  IconPodcast,
  IconScript,
} from "@/components/icons";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";
import type { EpisodeStatus } from "@/api/podcasts";

const LOOKS = {
  pending: { tone: "plain", icon: IconClock },
  writing: { tone: "accent", icon: IconScript },
  waiting: { tone: "warn", icon: IconEye },
  voicing: { tone: "accent", icon: IconPodcast },
  mastering: { tone: "accent", icon: IconPodcast },
  completed: { tone: "good", icon: IconCheck },
  failed: { tone: "bad", icon: IconAlert },
  cancelled: { tone: "plain", icon: IconBan },
} as const;

/** How an episode is, in a word. */
export function EpisodeBadge({ status }: { status: string }) {
  const { say } = useI18n();
  if (!(status in LOOKS)) return <Tag>{status}</Tag>;
  const known = status as EpisodeStatus;
  return <Tag {...LOOKS[known]}>{say(`podcasts.status.${known}`)}</Tag>;
}
