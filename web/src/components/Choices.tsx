import { useEffect, useRef, type ReactNode } from "react";
import styles from "./Choices.module.css";

/** A row of links of which one is the current view; scrolls sideways where it is too long. */
export function Choices({ label, children }: { label: string; children: ReactNode }) {
  const row = useRef<HTMLElement>(null);
  // On a phone the current one may lie beyond the edge.
  useEffect(() => {
    const current = row.current?.querySelector("[aria-current]")?.getBoundingClientRect();
    const frame = row.current?.getBoundingClientRect();
    if (!current || !frame || current.right <= frame.right) return;
    row.current?.scrollBy({ left: current.right - frame.right + frame.width / 4 });
  }, []);
  return (
    <nav ref={row} aria-label={label} className={styles["choices"]}>
      {children}
    </nav>
  );
}

/** What a router link needs to be one of the choices. */
export function choice(current: boolean) {
  return { className: styles["choice"], "aria-current": current ? ("true" as const) : undefined };
}
