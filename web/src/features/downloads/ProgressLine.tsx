import type { Download } from "@/api/downloads";
import { ProgressBar } from "@/components/ProgressBar";
import { useI18n } from "@/i18n";
import styles from "./ProgressLine.module.css";
import { shareOf, titleOf } from "./words";

/** How far a running download is: the bar, and below it stage, bytes, speed and the time that is left. */
export function ProgressLine({ download }: { download: Download }) {
  const { say, bytes, span, percent, ago } = useI18n();
  const { stage, downloaded_bytes: done, total_bytes: total, speed, eta } = download;
  const share = shareOf(download);
  const moving = stage === "downloading" || stage === "recording";
  const waitsUntil = download.status === "pending" ? download.next_attempt_at : null;
  return (
    <div className={styles["progress"]}>
      {download.status === "downloading" && (
        <ProgressBar share={share} label={say("download.progress", { title: titleOf(download) })} />
      )}
      <div className={styles["figures"]}>
        {waitsUntil ? (
          <span>{say("download.retryAt", { time: ago(waitsUntil) })}</span>
        ) : (
          <span>{say(`stage.${stage ?? "queued"}`)}</span>
        )}
        {moving && share !== null && <span>{percent(share)}</span>}
        {moving && done != null && done > 0 && (
          <span>
            {total ? say("download.bytes", { done: bytes(done), total: bytes(total) }) : bytes(done)}
          </span>
        )}
        {moving && speed != null && speed > 0 && (
          <span>{say("download.speed", { speed: bytes(speed) })}</span>
        )}
        {moving && eta != null && <span>{say("download.eta", { time: span(eta) })}</span>}
      </div>
    </div>
  );
}
