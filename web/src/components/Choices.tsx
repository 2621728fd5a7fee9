import type { ReactNode } from "react";
import styles from "./Choices.module.css";

/** Links of which one is the current view. On a phone they take several lines, since what lies beyond an edge is not found. */
export function Choices({ label, children }: { label: string; children: ReactNode }) {
  return (
    <nav aria-label={label} className={styles["choices"]}>
      {children}
    </nav>
  );
}

/** What a router link needs to be one of the choices. */
export function choice(current: boolean) {
  return { className: styles["choice"], "aria-current": current ? ("true" as const) : undefined };
}
