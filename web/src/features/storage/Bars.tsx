import { Button } from "@mantine/core";
import { useState, type ReactNode } from "react";
import type { Share } from "@/api/storage";
import { Section } from "@/components/Screen";
import { useI18n } from "@/i18n";
import styles from "./Bars.module.css";
import { shareOf } from "./shares";

const SHOWN = 8;

interface BarProps {
  /** Lengths between 0 and 100. */
  used: number;
  /** What stays free, at the far end. */
  kept?: number;
  full?: boolean;
}

/** A bar: what it shows is told in words beside it. Lengths are attributes, for which the policy needs no exception. */
export function Bar({ used, kept = 0, full = false }: BarProps) {
  return (
    <svg className={styles["track"]} viewBox="0 0 100 1" preserveAspectRatio="none" aria-hidden>
      <rect className={styles[full ? "full" : "fill"]} width={used} height="1" />
      {kept > 0 && <rect className={styles["kept"]} x={100 - kept} width={kept} height="1" />}
    </svg>
  );
}

interface BarsProps {
  title: string;
  shares: readonly Share[];
  nameOf: (share: Share) => ReactNode;
}

/** What takes how much, the largest first, each beside the largest; nothing where there is nothing to compare. */
export function Bars({ title, shares, nameOf }: BarsProps) {
  const { say, bytes } = useI18n();
  const [all, setAll] = useState(false);
  if (shares.length === 0) return null;
  const largest = Math.max(...shares.map((share) => share.bytes));
  return (
    <Section title={title}>
      <ul className={styles["bars"]} aria-label={title}>
        {shares.slice(0, all ? undefined : SHOWN).map((share) => (
          <li key={`${share.id ?? ""} ${share.name}`} className={styles["bar"]}>
            <span className={styles["line"]}>
              <span className={styles["name"]} dir="auto">
                {nameOf(share)}
              </span>
              <span className={styles["value"]}>{say("storage.share", { count: share.items })}</span>
              <span className={`${styles["value"]} ${styles["strong"]}`}>{bytes(share.bytes)}</span>
            </span>
            <Bar used={shareOf(share.bytes, largest) * 100} />
          </li>
        ))}
      </ul>
      {!all && shares.length > SHOWN && (
        <div>
          <Button size="xs" variant="default" onClick={() => setAll(true)}>
            {say("storage.more", { count: shares.length })}
          </Button>
        </div>
      )}
    </Section>
  );
}
