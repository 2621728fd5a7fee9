import type { Setting } from "@/api/settings";

/** The server tells settings in order; each of these begins a group. */
const GROUP_STARTS = {
  data_dir: "places",
  host: "server",
  secret_key: "accounts",
  max_concurrent_downloads: "downloading",
  link_monitor_interval_minutes: "links",
  trash_days: "library",
  audit_keep_days: "records",
  netease_url: "playlists",
  llm: "podcasts",
  worker_name: "workers",
} as const;
export type Group = (typeof GROUP_STARTS)[keyof typeof GROUP_STARTS];

const isStart = (name: string): name is keyof typeof GROUP_STARTS => name in GROUP_STARTS;

const ORDER: readonly Group[] = Object.values(GROUP_STARTS);

/** Settings by group, in the order of the server; the groups in the page's own. */
export function grouped(settings: readonly Setting[]): [group: Group, settings: Setting[]][] {
  const groups: [Group, Setting[]][] = [];
  for (const setting of settings) {
    if (isStart(setting.name)) groups.push([GROUP_STARTS[setting.name], []]);
    else if (groups.length === 0) groups.push(["places", []]);
    groups.at(-1)?.[1].push(setting);
  }
  return groups.sort(([one], [other]) => ORDER.indexOf(one) - ORDER.indexOf(other));
}

/** What a setting is called and what it means, in the language of the person. */
export interface Words {
  title: string;
  meaning: string;
}

export function wordsOf(setting: Setting, translated: Record<string, Words> | null): Words {
  const { name, meaning } = setting;
  return translated?.[name] ?? { title: titleOf(name), meaning };
}

/** Parts of names that are written in capitals. */
const ABBREVIATED = new Set(["ai", "api", "asr", "cors", "gb", "json", "llm", "mb", "smtp", "tts", "url"]);

function titleOf(name: string): string {
  const words = name.split("_").map((word) => (ABBREVIATED.has(word) ? word.toUpperCase() : word));
  const title = words.join(" ");
  return title.charAt(0).toUpperCase() + title.slice(1);
}

/** Whether every word that is looked for stands in a setting's name, meaning or variables. */
export function matches(setting: Setting, { title, meaning }: Words, wanted: string): boolean {
  const text = [setting.name, title, meaning, ...setting.variables].join(" ").toLowerCase();
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** Whether this page can change it. */
export const isOpen = (setting: Setting) => !setting.locked && !setting.needs_restart;

/** Whether its value goes in and never comes out. */
export const isHidden = (setting: Setting) => setting.secret && setting.value === null;

export const asText = (value: Setting["value"]) => (value === null ? "" : String(value));

/** What the text of a field means to the server. */
export function asValue(setting: Setting, text: string): Setting["value"] {
  if (setting.type === "boolean") return text === "true";
  if (setting.type !== "number" && setting.type !== "integer") return text;
  const trimmed = text.trim();
  // What is no number goes as it stands: the server says what is wrong with it.
  return trimmed === "" || Number.isNaN(Number(trimmed)) ? trimmed : Number(trimmed);
}
