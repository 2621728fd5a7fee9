import { Button, Skeleton, VisuallyHidden } from "@mantine/core";
import type { ReactNode } from "react";
import { explain } from "@/api/errors";
import { useI18n } from "@/i18n";
import { IconAlert, IconRetry } from "./icons";
import styles from "./states.module.css";

interface EmptyProps {
  icon: ReactNode;
  title: string;
  note?: string;
  action?: ReactNode;
}

/** There is nothing here yet: says so, and what to do about it. */
export function Empty({ icon, title, note, action }: EmptyProps) {
  return (
    <div className={styles["empty"]}>
      <span className={styles["emptyIcon"]} aria-hidden>
        {icon}
      </span>
      <p>{title}</p>
      {note && <p>{note}</p>}
      {action}
    </div>
  );
}

/** Something went wrong: in words, with a way to try again where there is one. */
export function ErrorNote({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const { say, sayIfKnown } = useI18n();
  return (
    <div className={styles["error"]} role="alert">
      <IconAlert size={20} aria-hidden className={styles["errorIcon"]} />
      <span className={styles["errorText"]}>
        {typeof error === "string" ? error : explain(error, { say, sayIfKnown })}
      </span>
      {onRetry && (
        <Button
          size="xs"
          variant="default"
          leftSection={<IconRetry size={16} aria-hidden />}
          onClick={onRetry}
        >
          {say("error.retry")}
        </Button>
      )}
    </div>
  );
}

/** Grey bars where rows will be, so that nothing jumps when they come. */
export function LoadingRows({ count, height }: { count: number; height: number }) {
  const { say } = useI18n();
  return (
    <div className={styles["rows"]} role="status">
      <VisuallyHidden>{say("app.loading")}</VisuallyHidden>
      {Array.from({ length: count }, (_, index) => (
        <Skeleton key={index} height={height} radius="md" aria-hidden />
      ))}
    </div>
  );
}
