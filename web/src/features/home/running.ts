import { isRunning, type Download, type DownloadPage } from "@/api/downloads";

export interface Running {
  /** What runs, and after it a few of those that wait. */
  shown: Download[];
  /** So many more wait. */
  more: number;
}

/** What the start page shows of two lists: an event may have moved a download on before either was read anew. */
export function runningOf(downloading: DownloadPage, pending: DownloadPage): Running {
  const both = [...downloading.downloads, ...pending.downloads].filter(isRunning);
  const shown = [...new Map(both.map((one) => [one.id, one])).values()];
  shown.sort((one, other) => Number(one.status === "pending") - Number(other.status === "pending"));
  return { shown, more: pending.total - pending.downloads.length };
}
