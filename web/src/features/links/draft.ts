import type {
  CookieMode,
  EntryKind,
  Filters,
  Link,
  LinkCreate,
  LinkType,
  LinkUpdate,
  Retention,
} from "@/api/links";

/** The form of a link as it is typed: texts until it is sent. Cookies are not in here, so that no storage sees them. */
export interface Draft {
  url: string;
  name: string;
  type: LinkType;
  profile: string;
  tags: string;
  enabled: boolean;
  automatic: boolean;
  interval: string;
  maxInterval: string;
  titleInclude: string;
  titleExclude: string;
  minMinutes: string;
  maxMinutes: string;
  after: string;
  before: string;
  maxAgeDays: string;
  kinds: readonly EntryKind[];
  minMb: string;
  maxMb: string;
  languages: string;
  keepLast: string;
  keepDays: string;
  keepGb: string;
  upgradeAfterDays: string;
  cookieMode: CookieMode;
}

export type Field = keyof Draft;

export function emptyDraft(url = ""): Draft {
  return {
    url,
    name: "",
    type: "auto",
    profile: "",
    tags: "",
    enabled: true,
    automatic: true,
    interval: "",
    maxInterval: "",
    titleInclude: "",
    titleExclude: "",
    minMinutes: "",
    maxMinutes: "",
    after: "",
    before: "",
    maxAgeDays: "",
    kinds: [],
    minMb: "",
    maxMb: "",
    languages: "",
    keepLast: "",
    keepDays: "",
    keepGb: "",
    upgradeAfterDays: "",
    cookieMode: "when_needed",
  };
}

const written = (value: number | null | undefined) =>
  value === null || value === undefined ? "" : String(value);
const minutes = (seconds: number | null | undefined) =>
  seconds === null || seconds === undefined ? "" : String(Math.round((seconds / 60) * 100) / 100);
const day = (iso: string | null | undefined) => iso?.slice(0, 10) ?? "";

export function draftOf(link: Link): Draft {
  const { filters, retention } = link;
  return {
    url: link.url,
    name: link.name,
    type: link.type,
    profile: link.profile,
    tags: link.tags.join(", "),
    enabled: link.is_enabled,
    automatic: link.download_automatically,
    interval: written(link.interval_minutes),
    maxInterval: written(link.max_interval_minutes),
    titleInclude: filters.title_include ?? "",
    titleExclude: filters.title_exclude ?? "",
    minMinutes: minutes(filters.min_seconds),
    maxMinutes: minutes(filters.max_seconds),
    after: day(filters.published_after),
    before: day(filters.published_before),
    maxAgeDays: written(filters.max_age_days),
    kinds: filters.kinds ?? [],
    minMb: written(filters.min_mb),
    maxMb: written(filters.max_mb),
    languages: filters.languages?.join(", ") ?? "",
    keepLast: written(retention.keep_last),
    keepDays: written(retention.keep_days),
    keepGb: written(retention.keep_gb),
    upgradeAfterDays: written(retention.upgrade_after_days),
    cookieMode: link.cookie_mode,
  };
}

const WHOLE = new Set<Field>([
  "interval",
  "maxInterval",
  "maxAgeDays",
  "keepLast",
  "keepDays",
  "upgradeAfterDays",
]);
const NUMBERS = [...WHOLE, "minMinutes", "maxMinutes", "minMb", "maxMb", "keepGb"] as readonly Field[];

/** The fields of a draft that hold no number where one is asked for. */
export function notNumbers(draft: Draft): Field[] {
  return NUMBERS.filter((name) => {
    const text = String(draft[name]).trim();
    return text !== "" && !(WHOLE.has(name) ? /^[1-9]\d{0,8}$/ : /^\d{1,9}([.,]\d{1,4})?$/).test(text);
  });
}

const number = (text: string) => (text.trim() === "" ? null : Number(text.trim().replace(",", ".")));
const seconds = (text: string) => {
  const value = number(text);
  return value === null ? null : Math.round(value * 60);
};
const list = (text: string) =>
  text
    .split(/[,，、]/)
    .map((part) => part.trim())
    .filter(Boolean);

/** The rules of a draft; only those that are set. */
export function filtersOf(draft: Draft): Filters {
  const languages = list(draft.languages);
  const all: Filters = {
    title_include: draft.titleInclude.trim() || null,
    title_exclude: draft.titleExclude.trim() || null,
    min_seconds: seconds(draft.minMinutes),
    max_seconds: seconds(draft.maxMinutes),
    published_after: draft.after ? `${draft.after}T00:00:00Z` : null,
    published_before: draft.before ? `${draft.before}T23:59:59Z` : null,
    max_age_days: number(draft.maxAgeDays),
    kinds: draft.kinds.length > 0 ? [...draft.kinds] : null,
    min_mb: number(draft.minMb),
    max_mb: number(draft.maxMb),
    languages: languages.length > 0 ? languages : null,
  };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
}

function retentionOf(draft: Draft): Retention {
  return {
    keep_last: number(draft.keepLast),
    keep_days: number(draft.keepDays),
    keep_gb: number(draft.keepGb),
    upgrade_after_days: number(draft.upgradeAfterDays),
  };
}

/** What is sent of a draft that holds numbers where they are asked for. */
function settingsOf(draft: Draft) {
  return {
    type: draft.type,
    tags: list(draft.tags),
    is_enabled: draft.enabled,
    download_automatically: draft.automatic,
    interval_minutes: number(draft.interval),
    max_interval_minutes: number(draft.maxInterval),
    filters: filtersOf(draft),
    retention: retentionOf(draft),
    cookie_mode: draft.cookieMode,
    ...(draft.profile ? { profile: draft.profile } : {}),
  };
}

/** Cookies as typed; null: those that are there are forgotten. */
export type CookiesTyped = string | null;

const cookiesOf = (cookies: CookiesTyped) => (cookies === "" ? {} : { cookies });

export function creationOf(draft: Draft, cookies: CookiesTyped): LinkCreate {
  const name = draft.name.trim();
  return { url: draft.url.trim(), ...(name ? { name } : {}), ...settingsOf(draft), ...cookiesOf(cookies) };
}

/** What of a draft is new. A name that stays is not sent: it may be the source's own, which follows the source. */
export function changesOf(draft: Draft, link: Link, cookies: CookiesTyped): LinkUpdate {
  const name = draft.name.trim();
  const url = draft.url.trim();
  const before = settingsOf(draftOf(link)) as Record<string, unknown>;
  const changed = Object.entries(settingsOf(draft)).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field]),
  );
  return {
    ...(url === link.url ? {} : { url }),
    ...(name === link.name ? {} : { name: name || null }),
    ...Object.fromEntries(changed),
    ...cookiesOf(cookies),
  };
}

const STORED = "magpie.link.";

/** A draft that was left behind by a reload or an ended session; it ends with the tab. */
export function readDraft(key: string): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORED + key) ?? "null");
    return typeof kept === "object" && kept !== null ? { ...emptyDraft(), ...kept } : null;
  } catch {
    return null;
  }
}

export function keepDraft(key: string, draft: Draft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(STORED + key);
    else sessionStorage.setItem(STORED + key, JSON.stringify(draft));
  } catch {
    // Storage may be forbidden or full: the form itself still has what was typed.
  }
}
