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

/** Whether it is to be tried again by itself. */
export const waitsOn = ({ status, next_attempt_at: next }: Pick<Download, "status" | "next_attempt_at">) =>
  status === "pending" && next !== null;

/** The words for what to do, the best first: nobody need retry what goes on by itself. */
export function hintsOf(reason: string, waits: boolean): string[] {
  if (!waits) return [`hint.${reason}`];
  const own = GOES_ON.has(reason) ? `hint.${reason}` : `download.waits.${reason}`;
  return [own, "download.waits"];
}

/** Whose usual words say already that it goes on by itself. */
const GOES_ON: ReadonlySet<string> = new Set(["site_rests", "folder_missing", "not_yet"]);

/** Why a download failed, was skipped or waits, in the language in use; the server's own words where it has better. */
export function useDiagnosis(download: Download): Diagnosis {
  const { sayIfKnown } = useI18n();
  const { reason, error_message, hint } = download;
  return {
    // A link's rule may skip a download, too.
    message: (reason && (sayIfKnown(`reason.${reason}`) ?? sayIfKnown(`why.${reason}`))) ?? error_message,
    hint:
      (reason &&
        hintsOf(reason, waitsOn(download))
          .map((key) => sayIfKnown(key))
          .find((words) => words !== null)) ??
      hint,
  };
}

/** How much of a running download is done, between 0 and 1; null while nobody knows. */
export function shareOf(download: Download): number | null {
  if (download.stage === "processing" || download.stage === "placing") return 1;
  const { downloaded_bytes: done, total_bytes: total } = download;
  return download.stage === "downloading" && done != null && total ? done / total : null;
}
