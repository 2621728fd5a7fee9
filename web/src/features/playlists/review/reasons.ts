import { useI18n } from "@/i18n";

/** A reason of the matcher: its code, and what stands behind the colon. */
export function parted(reason: string): { code: string; detail: string } {
  const colon = reason.indexOf(": ");
  if (colon === -1) return { code: reason, detail: "" };
  return { code: reason.slice(0, colon), detail: reason.slice(colon + 2) };
}

/** A reason in words. A code that a newer server or a plug-in gives is shown as it is. */
export function useReasonWords(): (reason: string) => string {
  const { sayIfKnown } = useI18n();
  return (reason) => {
    const { code, detail } = parted(reason);
    const text = sayIfKnown(`match.why.${code}`);
    if (text === null) return reason;
    const seconds = /^(\d+) s$/.exec(detail)?.[1];
    return text.replace("{detail}", seconds ?? sayIfKnown(`match.kind.${detail}`) ?? detail);
  };
}

const GOOD = new Set([
  "decided",
  "same_source",
  "same_mbid",
  "same_isrc",
  "same_title",
  "same_artist",
  "artist_alias",
  "same_version",
  "same_duration",
  "like_duration",
  "same_album",
]);

/** Whether a reason speaks for the track. */
export const speaksFor = (reason: string): boolean => GOOD.has(parted(reason).code);
