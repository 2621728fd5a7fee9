import { exportAddress, FORMATS, type Task } from "@/api/tasks";
import { Flyout } from "@/components/Flyout";
import { IconDownload } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./ExportMenu.module.css";

const CHOICES = [
  ["task.export.all", []],
  ["task.export.lacking", ["review", "missing"]],
] as const;

/** The playlist as a file: all of it, or what is not found. */
export function ExportMenu({ task }: { task: Task }) {
  const { say } = useI18n();
  const button = (
    <>
      <IconDownload size={16} aria-hidden />
      {say("task.export")}
    </>
  );
  return (
    <Flyout label={say("task.export")} className={styles["button"]} button={button}>
      {CHOICES.map(([key, verdicts]) => (
        <div key={key} className={styles["group"]} role="group" aria-label={say(key)}>
          <span className={styles["label"]}>{say(key)}</span>
          <span className={styles["formats"]}>
            {FORMATS.map((format) => (
              <a
                key={format}
                className={styles["format"]}
                href={exportAddress(task.id, format, verdicts)}
                download
                aria-label={`${say(key)}: ${format.toUpperCase()}`}
              >
                {format.toUpperCase()}
              </a>
            ))}
          </span>
        </div>
      ))}
      <p className={styles["note"]}>{say("task.export.note")}</p>
    </Flyout>
  );
}
