import { useId, useState, type ReactNode } from "react";
import styles from "./Fold.module.css";
import { IconRight } from "./icons";

interface FoldProps {
  title: string;
  /** What is set inside, in a few words. */
  note?: string | undefined;
  open?: boolean;
  id?: string;
  children: ReactNode;
}

/** A part of a form that most people never need. Open at first where something in it is set. */
export function Fold({ title, note, open = false, id, children }: FoldProps) {
  const label = useId();
  // What is typed inside must not close it.
  const [atFirst] = useState(open);
  return (
    <details className={styles["fold"]} open={atFirst} id={id}>
      <summary className={styles["head"]}>
        <IconRight size={18} aria-hidden className={styles["arrow"]} />
        <span id={label} className={styles["title"]}>
          {title}
        </span>
        {note && <span className={styles["note"]}>{note}</span>}
      </summary>
      <div className={styles["body"]} role="group" aria-labelledby={label}>
        {children}
      </div>
    </details>
  );
}
