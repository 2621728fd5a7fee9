import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { en } from "./en";
import { zh } from "./zh";

/** Where the catalogues tell a code: one of these prefixes has it. By the schema's and the field's name, or the field's alone. */
const TOLD: Record<string, readonly string[]> = {
  "Created.status": ["podcasts.status"],
  "EpisodeOut.status": ["podcasts.status"],
  "EpisodeOut.errorCode": ["podcasts.fault"],
  EpisodeStatus: ["podcasts.status"],
  Format: ["podcasts.format"],
  "ProviderError.code": ["podcasts.fault"],
  "ScriptOut.origin": ["podcasts.origin"],
  "ScriptVersion.origin": ["podcasts.origin"],
  "SourceOut.kind": ["podcasts.source"],
  reason: ["reason", "why"],
  would_reason: ["reason", "why"],
  "SiteOut.reason": ["reason", "sites.reason"],
  "TierReport.reason": ["reason", "check.reason"],
  "AuditOut.outcome": ["outcome"],
  "BackupOut.kind": ["backups.kind"],
  "CookiesOut.health": ["sites.health"],
  "CookiesOut.mode": ["sites.mode"],
  cookie_mode: ["cookies.mode"],
  "DownloadOut.stage": ["stage"],
  "DownloadOut.status": ["status"],
  "Filters.kinds": ["entry.kind"],
  "FoundOut.status": ["import.status"],
  "ImportOut.kind": ["import.kind"],
  "ImportStateOut.stage": ["backups.stage"],
  "ItemOut.kind": ["kind"],
  "ItemDetails.kind": ["kind"],
  "TrashedItem.kind": ["kind"],
  "TwinPair.reason": ["twins.reason"],
  "ScanProblem.reason": ["scans.problem"],
  "ScanOut.status": ["scans.state"],
  "Filter.kind": ["kind"],
  "LinkOut.status": ["link.state"],
  "LinkOut.type": ["link.type"],
  "LogOut.level": ["level"],
  "MatchOut.verdict": ["match.verdict"],
  "OrderOut.reason": ["missing.why"],
  "OrderOut.status": ["missing.state"],
  "SessionOut.status": ["missing.session"],
  "TestOut.reason": ["missing.why"],
  "TranscriptOut.error_code": ["transcript.why"],
  TranscriptStatus: ["transcript.state"],
  "UnmatchedOut.verdict": ["match.verdict"],
  "ProfileSpec.kind": ["kind"],
  "ProfileSpec.media_server": ["profiles.server"],
  "SiteOut.circuit": ["sites.circuit"],
  "Sponsors.mark": ["profiles.sponsor"],
  "Subtitles.where": ["profiles.where"],
  "TargetOut.digest": ["notices.digest"],
  "TargetOut.events": ["notices.event"],
  "TierReport.tier": ["check.tier"],
  "DiskDetails.name": ["health.disk"],
  "FileOut.role": ["role"],
  Scope: ["scope"],
  Trouble: ["import.trouble"],
  verdict: ["verdict"],
  Edit: ["plan.op"],
  Mode: ["task.mode"],
  "RunLine.level": ["level"],
  "RunLine.code": ["run.note"],
  "RunOut.trigger": ["run.trigger"],
  "RunOut.status": ["run.status"],
  "ServerOut.reason": ["fault"],
  "TestAnswer.reason": ["fault"],
  "TargetPlan.reason": ["fault"],
  "TaskOut.reason": ["fault"],
  "TaskOut.status": ["task.status"],
  "TaskTarget.reason": ["fault"],
  "TaskTarget.status": ["target.status"],
};

/** What no screen says: it is the same in every language, is sent only, or is told in other words. */
const UNTOLD = new Set([
  // Settings are chosen by the words that the environment takes, too.
  "SettingsAnswer.kyutai_transport",
  "SettingsAnswer.podcast_purge_sources",
  "SettingsChange.kyutai_transport",
  "SettingsChange.podcast_purge_sources",
  // Languages are called by their own names.
  "MeAnswer.language",
  "NewAccount.language",
  "NewUser.language",
  "OwnChanges.language",
  "UserAnswer.language",
  "UserChanges.language",
  "Action",
  "BulkResult.status",
  "CheckDetails.mode",
  "CheckDetails.tier",
  "DatabaseDetails.kind",
  "DeletedLink.status",
  "DeletedLink.type",
  "Doomed.rule",
  "Doomed.stays_for",
  "FeedOut.kind",
  "HistoryOut.status",
  "ImportStateOut.state",
  "Inspection.kind",
  "Inspection.verbs",
  "ItemsChoice",
  "PreviewFile.role",
  "ProfileSpec.audio_format",
  "ProfileSpec.audio_quality",
  "ProfileSpec.container",
  "ProfileSpec.max_height",
  "ProviderOut.role",
  "SessionAnswer.kind",
  "SettingFact.source",
  "SettingFact.type",
  "Sponsors.remove",
  "Subtitles.format",
  "TriedEntry.would_be",
  "Way",
  "Wishes.formats",
]);

/** Schemas of requests: what they take is what answers tell. */
const SENT = /(Create|Update|In|Request|Sample)$/;

interface Codes {
  place: string;
  field: string;
  codes: readonly string[];
}

function codesOf(place: string, field: string, schema: unknown): Codes[] {
  if (typeof schema !== "object" || schema === null) return [];
  const { enum: closed, "x-extensible-enum": open, anyOf = [], items } = schema as Record<string, unknown>;
  const codes = (closed ?? open) as readonly string[] | undefined;
  const inner = [...(anyOf as unknown[]), items].flatMap((each) => codesOf(place, field, each));
  return codes ? [{ place, field, codes: codes.map(String) }, ...inner] : inner;
}

function allCodes(): Codes[] {
  const api = JSON.parse(readFileSync("openapi.json", "utf8")) as {
    components: { schemas: Record<string, { properties?: Record<string, unknown> }> };
  };
  return Object.entries(api.components.schemas)
    .filter(([name]) => !SENT.test(name))
    .flatMap(([name, schema]) => [
      ...codesOf(name, name, schema),
      ...Object.entries(schema.properties ?? {}).flatMap(([field, each]) =>
        codesOf(`${name}.${field}`, field, each),
      ),
    ]);
}

describe("what the server says in codes", () => {
  const known = allCodes().filter(({ place }) => !UNTOLD.has(place));

  test("is found at all", () => {
    expect(known.find(({ place }) => place === "EntryOut.reason")?.codes.length).toBeGreaterThan(40);
    expect(known.length).toBeGreaterThan(30);
  });

  test.each(known)("$place is told in both languages", ({ place, field, codes }) => {
    const prefixes = TOLD[place] ?? TOLD[field];
    expect(prefixes, `say in this test where ${place} is told, or that it is not`).toBeDefined();
    for (const catalogue of [en, zh]) {
      const untold = codes.filter((code) => !prefixes?.some((prefix) => `${prefix}.${code}` in catalogue));
      expect(untold).toEqual([]);
    }
  });

  test("has a hint with every reason, and no reason is told that there is not", () => {
    const reasons = known.find(({ place }) => place === "DownloadOut.reason")?.codes ?? [];
    const told = (prefix: string) =>
      Object.keys(en)
        .filter((key) => key.startsWith(prefix))
        .map((key) => key.slice(prefix.length))
        .sort();
    expect(told("reason.")).toEqual([...reasons].sort());
    expect(told("hint.")).toEqual([...reasons].sort());
  });
});
