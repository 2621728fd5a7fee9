import { Loader } from "@mantine/core";
import { Link, useRouter, type ErrorComponentProps } from "@tanstack/react-router";
import { ErrorNote } from "@/components/states";
import { useI18n } from "@/i18n";
import styles from "./fallbacks.module.css";

/** A screen that could not be shown at all. */
export function Broken({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const { say } = useI18n();
  const again = () => {
    reset();
    void router.invalidate();
  };
  return (
    <main className={styles["middle"]}>
      <title>{`${say("error.title")} · ${say("app.name")}`}</title>
      <h1>{say("error.title")}</h1>
      <ErrorNote error={error} onRetry={again} />
    </main>
  );
}

export function NotFound() {
  const { say } = useI18n();
  return (
    <main className={styles["middle"]}>
      <title>{`${say("error.notFound")} · ${say("app.name")}`}</title>
      <h1>{say("error.notFound")}</h1>
      <Link to="/">{say("error.home")}</Link>
    </main>
  );
}

export function Pending() {
  const { say } = useI18n();
  return (
    <div className={styles["middle"]} role="status" aria-label={say("app.loading")}>
      <Loader aria-hidden />
    </div>
  );
}
