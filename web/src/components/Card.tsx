import type { ReactNode } from "react";
import styles from "./Card.module.css";

export function Card({ children, className = "" }: { children: ReactNode; className?: string | undefined }) {
  return <div className={`${styles["card"]} ${className}`}>{children}</div>;
}
