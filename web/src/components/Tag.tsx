import type { ReactNode } from "react";
import styles from "./Tag.module.css";

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

/** A word about a thing, in a colour that only repeats what the word says. */
export function Tag({ tone = "plain", children }: { tone?: Tone; children: ReactNode }) {
  return <span className={`${styles["tag"]} ${styles[tone] ?? ""}`}>{children}</span>;
}
