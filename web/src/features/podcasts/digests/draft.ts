import type { Digest, DigestCreate } from "@/api/digests";
import { ownZone } from "@/features/playlists/schedule";
import { isMinutes } from "../make/draft";

/** The form of a digest as it is typed. */
export interface DigestDraft {
  name: string;
  links: readonly number[];
  /** Addresses of feeds, one in a line. */
  feeds: string;
  cron: string;
  zone: string;
  entries: string;
  template: string;
  minutes: string;
  language: string;
  transcribe: boolean;
  approve: boolean;
  enabled: boolean;
}

/** Sunday morning, when there is time to listen. */
export const WEEKLY = "0 6 * * 0";

export const emptyDigest = (link?: number): DigestDraft => ({
  name: "",
  links: link === undefined ? [] : [link],
  feeds: "",
  cron: WEEKLY,
  zone: ownZone(),
  entries: "10",
  template: "digest",
  minutes: "",
  language: "",
  transcribe: false,
  approve: false,
  enabled: true,
});

export function digestDraft(digest: Digest): DigestDraft {
  const wishes = digest.wishes as Record<string, unknown>;
  const said = (name: string) => (typeof wishes[name] === "string" ? wishes[name] : "");
  return {
    name: digest.name,
    links: digest.linkIds,
    feeds: digest.feedUrls.join("\n"),
    cron: digest.cronSchedule,
    zone: digest.timezone,
    entries: String(digest.maxEntries),
    template: said("templateId"),
    minutes: typeof wishes["minutes"] === "number" ? String(wishes["minutes"]) : "",
    language: said("language"),
    transcribe: digest.transcribe,
    approve: wishes["approve"] === true,
    enabled: digest.isEnabled,
  };
}

const linesOf = (text: string) => [...new Set(text.split(/\s+/).filter(Boolean))];

/** What is kept. Wishes that this form does not know, such as voices, stay as they are. */
export function digestOf(draft: DigestDraft, before: Record<string, unknown> = {}): DigestCreate {
  const minutes = draft.minutes.trim().replace(",", ".");
  const shown = new Set(["templateId", "minutes", "language"]);
  const others = Object.fromEntries(Object.entries(before).filter(([name]) => !shown.has(name)));
  return {
    name: draft.name.trim(),
    linkIds: [...draft.links],
    feedUrls: linesOf(draft.feeds),
    cronSchedule: draft.cron.trim(),
    timezone: draft.zone,
    maxEntries: Number(draft.entries),
    isEnabled: draft.enabled,
    transcribe: draft.transcribe,
    wishes: {
      ...others,
      ...(draft.template ? { templateId: draft.template } : {}),
      ...(minutes ? { minutes: Number(minutes) } : {}),
      ...(draft.language.trim() ? { language: draft.language.trim() } : {}),
      approve: draft.approve,
    },
  };
}

export type DigestFault = "name" | "places" | "cron" | "entries" | "minutes";

export function digestFaults(draft: DigestDraft): DigestFault[] {
  const faults: DigestFault[] = [];
  if (draft.name.trim() === "") faults.push("name");
  if (draft.links.length + linesOf(draft.feeds).length === 0) faults.push("places");
  if (draft.cron.trim() === "") faults.push("cron");
  const entries = Number(draft.entries);
  if (!Number.isInteger(entries) || entries < 1 || entries > 50) faults.push("entries");
  if (!isMinutes(draft.minutes)) faults.push("minutes");
  return faults;
}
