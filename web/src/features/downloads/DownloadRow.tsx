import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { isRunning, type Download } from "@/api/downloads";
import { IconMusic, IconVideo } from "@/components/icons";
import { Picture } from "@/components/Picture";
import { useI18n } from "@/i18n";
import { Actions } from "./Actions";
import styles from "./DownloadRow.module.css";
import { ProgressLine } from "./ProgressLine";
import { StatusBadge } from "./StatusBadge";
import { titleOf, useDiagnosis, waitsOn } from "./words";

export function DownloadRows({ children }: { children: ReactNode }) {
  return <ul className={styles["rows"]}>{children}</ul>;
}

/** One download as a row: what it is, how it fares, and the one button that helps. */
export function DownloadRow({ download }: { download: Download }) {
  const { ago, bytes } = useI18n();
  const running = isRunning(download);
  const Glyph = download.profile === "audio" ? IconMusic : IconVideo;
  const ended = download.completed_at ?? download.created_at;
  return (
    <li className={`${styles["row"]} ${download.status === "failed" ? styles["failed"] : ""}`}>
      <Picture
        address={download.thumbnail_url}
        fallback={<Glyph size={22} aria-hidden />}
        className={styles["picture"]}
      />
      <div className={styles["body"]}>
        <Link to="/downloads/$id" params={{ id: download.id }} className={styles["title"]} dir="auto">
          {titleOf(download)}
        </Link>
        {running ? (
          <ProgressLine download={download} />
        ) : (
          <div className={styles["line"]}>
            <StatusBadge status={download.status} />
            {download.site && <span>{download.site}</span>}
            {download.status === "completed" && download.total_bytes != null && (
              <span>{bytes(download.total_bytes)}</span>
            )}
            <time dateTime={ended}>{ago(ended)}</time>
          </div>
        )}
        <Said download={download} />
      </div>
      <div className={styles["actions"]}>
        <Actions download={download} />
      </div>
    </li>
  );
}

/** Why it failed, was skipped, or waits for longer than its turn. */
function Said({ download }: { download: Download }) {
  const { message, hint } = useDiagnosis(download);
  const { status } = download;
  const waits = waitsOn(download);
  if (!message || !(waits || status === "failed" || status === "skipped")) return null;
  return (
    <p className={styles["said"]}>
      {/* What to do about it is for those that will not go on by themselves. */}
      {message} {hint && !waits && <span className={styles["hint"]}>{hint}</span>}
    </p>
  );
}
