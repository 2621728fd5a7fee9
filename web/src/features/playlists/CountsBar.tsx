import type { TaskCounts } from "@/api/tasks";
import { useI18n } from "@/i18n";
import styles from "./CountsBar.module.css";

const PARTS = ["matched", "review", "missing"] as const;

/** How many of a playlist's songs are found, as a bar; the words beside it say the same. */
export function CountsBar({ counts }: { counts: TaskCounts }) {
  const { say } = useI18n();
  const { total = 0, matched = 0, review = 0, missing = 0 } = counts;
  if (total === 0) return null;
  return (
    <div
      className={styles["bar"]}
      role="img"
      aria-label={say("task.share", { total, matched, review, missing })}
    >
      {PARTS.map((part) => {
        const share = (counts[part] ?? 0) / total;
        return share > 0 && <span key={part} className={styles[part]} style={{ flexGrow: share }} />;
      })}
      {(counts.waiting ?? 0) > 0 && <span style={{ flexGrow: (counts.waiting ?? 0) / total }} />}
    </div>
  );
}
