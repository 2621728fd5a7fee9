import type { ReactNode } from "react";
import styles from "./Rows.module.css";

interface RowsProps {
  label: string;
  /** Several side by side where there is room: for rows that say little. */
  tight?: boolean;
  children: ReactNode;
}

/** A list of things with a few words and buttons each. */
export function Rows({ label, tight = false, children }: RowsProps) {
  return (
    <ul className={styles[tight ? "tight" : "rows"]} aria-label={label}>
      {children}
    </ul>
  );
}

interface RowProps {
  title: ReactNode;
  /** A small picture before the words. */
  picture?: ReactNode;
  /** Short facts, side by side where there is room; empty ones are left out. */
  facts?: readonly ReactNode[];
  actions?: ReactNode;
  children?: ReactNode;
}

export function Row({ title, picture, facts = [], actions, children }: RowProps) {
  const told = facts.filter((fact) => fact !== null && fact !== undefined && fact !== "" && fact !== false);
  const body = (
    <div className={styles["body"]}>
      <div className={styles["title"]}>{title}</div>
      {told.length > 0 && (
        <div className={styles["line"]}>
          {told.map((fact, index) => (
            <span key={index}>{fact}</span>
          ))}
        </div>
      )}
      {children}
    </div>
  );
  return (
    <li className={styles["row"]}>
      {picture ? (
        <div className={styles["pictured"]}>
          {picture}
          {body}
        </div>
      ) : (
        body
      )}
      {actions && <div className={styles["actions"]}>{actions}</div>}
    </li>
  );
}
