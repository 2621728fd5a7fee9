import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";
import styles from "./Tag.module.css";

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

interface TagProps {
  tone?: Tone;
  icon?: Icon;
  children: ReactNode;
}

/** A word about a thing, in a colour that only repeats what the word says. */
export function Tag({ tone = "plain", icon: Icon, children }: TagProps) {
  return (
    <span className={`${styles["tag"]} ${styles[tone] ?? ""}`}>
      {Icon && <Icon size={14} aria-hidden />}
      {children}
    </span>
  );
}
