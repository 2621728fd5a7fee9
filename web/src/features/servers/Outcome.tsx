import type { TestAnswer } from "@/api/servers";
import { IconAlert, IconCheck } from "@/components/icons";
import { useI18n } from "@/i18n";
import styles from "./Outcome.module.css";
import { useFault } from "./words";

/** How a connection went: who answered, or the fault and what mends it. */
export function Outcome({ answer }: { answer: TestAnswer }) {
  const { say } = useI18n();
  const faultOf = useFault();
  if (!answer.success) {
    return (
      <div className={`${styles["outcome"]} ${styles["bad"]}`} role="alert">
        <IconAlert size={18} aria-hidden />
        <span>{faultOf(answer.reason, answer.message)}</span>
      </div>
    );
  }
  const name = answer.name ?? "";
  const version = answer.version ?? "";
  const libraries = answer.libraries ?? [];
  return (
    <div className={`${styles["outcome"]} ${styles["good"]}`} role="status">
      <IconCheck size={18} aria-hidden />
      <span>
        {answer.user
          ? say("servers.worksAs", { user: answer.user, name, version })
          : say("servers.works", { name, version })}
        {libraries.length > 0 && (
          <span className={styles["more"]}>
            {say("servers.libraries", {
              count: libraries.length,
              names: libraries.map((each) => each.name).join(", "),
            })}
          </span>
        )}
      </span>
    </div>
  );
}
