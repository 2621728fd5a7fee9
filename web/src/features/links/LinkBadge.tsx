import type { Link, LinkStatus, Verdict } from "@/api/links";
import {
  IconAlert,
  IconBan,
  IconCheck,
  IconClock,
  IconDownload,
  IconEye,
  IconLive,
  IconPause,
  IconRetry,
  IconSkip,
  IconTrash,
} from "@/components/icons";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";

const STATES = {
  fresh: { icon: IconClock, tone: "plain" },
  idle: { icon: IconCheck, tone: "good" },
  checking: { icon: IconRetry, tone: "accent" },
  downloading: { icon: IconDownload, tone: "accent" },
  recording: { icon: IconLive, tone: "accent" },
  error: { icon: IconAlert, tone: "bad" },
  cooling_down: { icon: IconPause, tone: "warn" },
  off: { icon: IconBan, tone: "plain" },
  gone: { icon: IconBan, tone: "bad" },
} as const;

export type LinkState = LinkStatus | "fresh" | "off" | "gone";

/** A link's state as a person sees it. */
export function stateOf(link: Link): LinkState {
  if (link.died_at !== null) return "gone";
  if (link.status !== "idle") return link.status;
  if (!link.is_enabled) return "off";
  return link.last_checked_at === null ? "fresh" : "idle";
}

/** A state by word, icon and colour: never by colour alone. */
export function LinkBadge({ state }: { state: LinkState }) {
  const { say } = useI18n();
  return <Tag {...STATES[state]}>{say(`link.state.${state}`)}</Tag>;
}

const DECISIONS = {
  downloaded: { icon: IconCheck, tone: "good" },
  wanted: { icon: IconDownload, tone: "accent" },
  waiting: { icon: IconClock, tone: "accent" },
  listed: { icon: IconEye, tone: "plain" },
  skipped: { icon: IconSkip, tone: "plain" },
  failed: { icon: IconAlert, tone: "bad" },
  removed: { icon: IconTrash, tone: "warn" },
} as const;

export function VerdictBadge({ verdict }: { verdict: Verdict }) {
  const { say } = useI18n();
  return <Tag {...DECISIONS[verdict]}>{say(`verdict.${verdict}`)}</Tag>;
}
