import { IconAlert, IconBan, IconCheck, IconClock, IconEye, IconRetry } from "@/components/icons";
import { Tag } from "@/components/Tag";
import { useI18n } from "@/i18n";
import type { TaskState } from "./words";

const STATES = {
  idle: { icon: IconCheck, tone: "good" },
  waiting: { icon: IconClock, tone: "accent" },
  syncing: { icon: IconRetry, tone: "accent" },
  asking: { icon: IconEye, tone: "warn" },
  error: { icon: IconAlert, tone: "bad" },
  off: { icon: IconBan, tone: "plain" },
  fresh: { icon: IconClock, tone: "plain" },
} as const;

/** A state by word, icon and colour: never by colour alone. */
export function TaskBadge({ state }: { state: TaskState }) {
  const { say } = useI18n();
  return <Tag {...STATES[state]}>{say(`task.status.${state}`)}</Tag>;
}
