import { useI18n } from "@/i18n";
import styles from "./LibraryPage.module.css";

/** How many things there are: at least so many, where the server has stopped counting. */
export function Count({ total, exact }: { total: number; exact: boolean }) {
  const { say } = useI18n();
  return (
    <span className={styles["count"]} role="status">
      {say(exact ? "library.count" : "library.countMore", { count: total })}
    </span>
  );
}
