import styles from "./ProgressBar.module.css";

/** A share between 0 and 1, or null while nobody knows how much there is to do. */
export function ProgressBar({ share, label }: { share: number | null; label: string }) {
  const known = share !== null;
  const percent = known ? Math.round(Math.min(1, Math.max(0, share)) * 100) : undefined;
  return (
    <div
      className={styles["track"]}
      role="progressbar"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={100}
      aria-valuenow={percent}
    >
      {known ? (
        <div className={styles["fill"]} style={{ transform: `translateX(${(percent ?? 0) - 100}%)` }} />
      ) : (
        <div className={`${styles["fill"]} ${styles["unknown"]}`} />
      )}
    </div>
  );
}
