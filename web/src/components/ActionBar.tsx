import { CloseButton } from "@mantine/core";
import type { ReactNode } from "react";
import styles from "./ActionBar.module.css";

interface ActionBarProps {
  label: string;
  /** What is chosen, in words. */
  chosen: string;
  clear: string;
  onClear: () => void;
  children: ReactNode;
}

/** What can be done with all that is chosen; floats at the lower edge while something is. */
export function ActionBar({ label, chosen, clear, onClear, children }: ActionBarProps) {
  return (
    <div className={styles["bar"]} role="group" aria-label={label}>
      <span className={styles["count"]} role="status">
        {chosen}
      </span>
      {children}
      <CloseButton aria-label={clear} onClick={onClear} />
    </div>
  );
}
