import type { Status } from "@/api/downloads";
import { IconAlert, IconBan, IconCheck, IconClock, IconDownload, IconSkip } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./StatusBadge.module.css";

const ICONS = {
  pending: IconClock,
  downloading: IconDownload,
  completed: IconCheck,
  failed: IconAlert,
  cancelled: IconBan,
  skipped: IconSkip,
};

/** A state by word, icon and colour: never by colour alone. */
export function StatusBadge({ status }: { status: Status }) {
  const { say } = useI18n();
  const Icon = ICONS[status];
  return (
    <span className={`${styles["badge"]} ${styles[status] ?? ""}`}>
      <Icon size={14} aria-hidden />
      {say(`status.${status}`)}
    </span>
  );
}
