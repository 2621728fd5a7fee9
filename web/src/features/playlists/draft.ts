import type { Mode, Task, TaskCreate, TaskUpdate } from "@/api/tasks";
import { ownZone, PRESETS } from "./schedule";

/** A server that is chosen; `playlist`: one that is there already, "" for one that Magpie makes. */
export interface TargetDraft {
  server: number;
  playlist: string;
}

/** The form of a task as it is typed. A file is not in here: no storage keeps it. */
export interface Draft {
  from: "link" | "file";
  text: string;
  name: string;
  targets: readonly TargetDraft[];
  cron: string;
  zone: string;
  mode: Mode;
  enabled: boolean;
  removals: string;
  keepTitle: boolean;
  keepDescription: boolean;
  keepCover: boolean;
  fetchMissing: boolean;
}

export function emptyDraft(text = ""): Draft {
  return {
    from: "link",
    text,
    name: "",
    targets: [],
    cron: PRESETS.daily,
    zone: ownZone(),
    mode: "mirror",
    enabled: true,
    removals: "",
    keepTitle: true,
    keepDescription: true,
    keepCover: true,
    fetchMissing: false,
  };
}

export function draftOf(task: Task): Draft {
  return {
    from: task.platform === "file" ? "file" : "link",
    text: task.playlist_url,
    name: task.name,
    targets: task.targets.map((each) => ({ server: each.server_id, playlist: each.playlist_id ?? "" })),
    cron: task.cron_schedule ?? "",
    zone: task.timezone,
    mode: task.mode,
    enabled: task.is_enabled,
    removals: task.max_removals === null ? "" : String(task.max_removals),
    keepTitle: task.keep_title,
    keepDescription: task.keep_description,
    keepCover: task.keep_cover,
    fetchMissing: task.fetch_missing,
  };
}

export const isNumber = (text: string) => /^\d{0,6}$/.test(text.trim());

function settingsOf(draft: Draft) {
  const removals = draft.removals.trim();
  return {
    targets: draft.targets.map(({ server, playlist }) => ({
      server_id: server,
      playlist_id: playlist || null,
    })),
    cron_schedule: draft.cron.trim() || null,
    timezone: draft.zone,
    mode: draft.mode,
    is_enabled: draft.enabled,
    max_removals: removals === "" ? null : Number(removals),
    keep_title: draft.keepTitle,
    keep_description: draft.keepDescription,
    keep_cover: draft.keepCover,
    fetch_missing: draft.fetchMissing,
  };
}

export function creationOf(draft: Draft): TaskCreate {
  const name = draft.name.trim();
  return {
    ...(draft.from === "file" ? { platform: "file" } : { playlist_url: draft.text.trim() }),
    ...(name ? { name } : {}),
    ...settingsOf(draft),
  };
}

/** What of a draft is new. A name that stays is not sent: it may be the source's own, which follows the source. */
export function changesOf(draft: Draft, task: Task): TaskUpdate {
  const name = draft.name.trim();
  const text = draft.text.trim();
  const before = settingsOf(draftOf(task)) as Record<string, unknown>;
  const changed = Object.entries(settingsOf(draft)).filter(
    ([field, value]) => JSON.stringify(value) !== JSON.stringify(before[field]),
  );
  return {
    ...(draft.from === "file" || text === task.playlist_url ? {} : { playlist_url: text, platform: "auto" }),
    ...(name === task.name ? {} : { name: name || null }),
    ...Object.fromEntries(changed),
  };
}

const STORED = "magpie.task.";

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
