import type { Download } from "@/api/downloads";
import { useI18n } from "@/i18n";

/** What a download is called: its title, or its address as long as nobody knows better. */
export function titleOf(download: Download): string {
  return download.title || download.url.replace(/^https?:\/\/(www\.)?/, "");
}

export interface Diagnosis {
  /** What happened. */
  message: string | null;
  /** What to do about it. */
  hint: string | null;
}

/** Why a download failed or was skipped, in the language in use; the server's own words where it has better. */
export function useDiagnosis(download: Download): Diagnosis {
  const { sayIfKnown } = useI18n();
  const { reason, error_message, hint } = download;
  return {
    // A link's rule may skip a download, too.
    message: (reason && (sayIfKnown(`reason.${reason}`) ?? sayIfKnown(`why.${reason}`))) ?? error_message,
    hint: (reason && sayIfKnown(`hint.${reason}`)) ?? hint,
  };
}

/** How much of a running download is done, between 0 and 1; null while nobody knows. */
export function shareOf(download: Download): number | null {
  if (download.stage === "processing" || download.stage === "placing") return 1;
  const { downloaded_bytes: done, total_bytes: total } = download;
  return download.stage === "downloading" && done != null && total ? done / total : null;
}
