import type { Scan, ScanProblem } from "@/api/scans";
import type { Reason } from "@/api/twins";
import type { Tone } from "@/components/Tag";
import type { Key } from "@/i18n";

export const STATES = {
  pending: ["scans.state.pending", "plain"],
  running: ["scans.state.running", "accent"],
  completed: ["scans.state.completed", "good"],
  failed: ["scans.state.failed", "bad"],
  cancelled: ["scans.state.cancelled", "warn"],
} as const satisfies Record<Scan["status"], readonly [Key, Tone]>;

export const COUNTS = {
  unchanged: "scans.count.unchanged",
  changed: "scans.count.changed",
  moved: "scans.count.moved",
  missing: "scans.count.missing",
  still_missing: "scans.count.still_missing",
  returned: "scans.count.returned",
  unknown: "scans.count.unknown",
  adopted: "scans.count.adopted",
  problems: "scans.count.problems",
} as const satisfies Record<Exclude<keyof Scan["counts"], "files">, Key>;

export const PROBLEMS = {
  folder: "scans.problem.folder",
  name: "scans.problem.name",
  folder_missing: "scans.problem.folder_missing",
  not_media: "scans.problem.not_media",
} as const satisfies Record<ScanProblem["reason"], Key>;

export const TWIN_REASONS = {
  isrc: "twins.reason.isrc",
  tags: "twins.reason.tags",
  sound: "twins.reason.sound",
} as const satisfies Record<Reason, Key>;
