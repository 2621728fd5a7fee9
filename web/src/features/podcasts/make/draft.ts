import type { EpisodeCreate, SourceIn, SpeakerIn } from "@/api/podcasts";
import { FORMATS, type Format } from "@/api/templates";

/** Something that an episode is to be made of. Files are not in here: no storage keeps them. */
export type SourceDraft =
  | { kind: "text"; text: string }
  | { kind: "url"; url: string }
  | { kind: "item"; id: number }
  | { kind: "episode"; id: string };

/** A speaker as the form has it; `voice`: `provider voice`, "" for one that Magpie chooses. */
export interface SpeakerDraft {
  name: string;
  role: string;
  voice: string;
  style: string;
  language: string;
}

export interface MusicDraft {
  intro: string;
  outro: string;
  bed: string;
}

/** The form of an episode as it is typed. */
export interface Draft {
  /** What stands in the box, and is not in the list yet. */
  entry: string;
  added: readonly SourceDraft[];
  title: string;
  template: string;
  minutes: string;
  language: string;
  format: Format | "";
  /** Null: those of the template. */
  speakers: readonly SpeakerDraft[] | null;
  instructions: string;
  approve: boolean;
  opus: boolean;
  m4a: boolean;
  music: MusicDraft;
}

/** What ships with Magpie and suits most. */
const USUAL_TEMPLATE = "two-hosts";

export const NO_MUSIC: MusicDraft = { intro: "", outro: "", bed: "" };

export const emptyDraft = (): Draft => ({
  entry: "",
  added: [],
  title: "",
  template: USUAL_TEMPLATE,
  minutes: "",
  language: "",
  format: "",
  speakers: null,
  instructions: "",
  approve: false,
  opus: false,
  m4a: false,
  music: NO_MUSIC,
});

/** A box with nothing but addresses means what they lead to; anything else is a text. */
export function readEntry(entry: string): SourceDraft[] {
  const text = entry.trim();
  if (text === "") return [];
  const parts = text.split(/\s+/);
  if (parts.every((part) => /^https?:\/\/\S+$/i.test(part)))
    return [...new Set(parts)].map((url) => ({ kind: "url", url }));
  return [{ kind: "text", text }];
}

export const sourcesOf = (draft: Draft): SourceDraft[] => [...draft.added, ...readEntry(draft.entry)];

const same = (one: SourceDraft, other: SourceDraft) => JSON.stringify(one) === JSON.stringify(other);

/** Puts sources behind those that are there; what is there already is not taken twice. */
export function withSources(draft: Draft, more: readonly SourceDraft[]): Draft {
  const fresh = more.filter((source) => !draft.added.some((each) => same(each, source)));
  return { ...draft, added: [...draft.added, ...fresh] };
}

function sent(source: SourceDraft): SourceIn {
  if (source.kind === "text") return { text: source.text };
  if (source.kind === "url") return { url: source.url };
  return source.kind === "item" ? { itemId: source.id } : { episodeId: source.id };
}

export function speakerOf({ name, role, voice, style, language }: SpeakerDraft): SpeakerIn {
  const [provider = "", voiceId = ""] = splitVoice(voice);
  return {
    name: name.trim(),
    ...(role.trim() ? { role: role.trim() } : {}),
    ...(voice ? { provider, voiceId } : {}),
    ...(style.trim() ? { style: style.trim() } : {}),
    ...(language.trim() ? { language: language.trim() } : {}),
  };
}

interface SpeakerLike {
  name: string;
  role?: string | null;
  provider?: string | null;
  voiceId?: string | null;
  style?: string | null;
  language?: string | null;
}

export const speakerDraft = ({
  name,
  role,
  provider,
  voiceId,
  style,
  language,
}: SpeakerLike): SpeakerDraft => ({
  name,
  role: role ?? "",
  voice: voiceId ? joinVoice(provider ?? "", voiceId) : "",
  style: style ?? "",
  language: language ?? "",
});

/** Provider and voice in one value of a list. Names of providers have no spaces. */
export const joinVoice = (provider: string, voice: string) => `${provider} ${voice}`;
export function splitVoice(value: string): [provider: string, voice: string] {
  const at = value.indexOf(" ");
  return at < 0 ? ["", value] : [value.slice(0, at), value.slice(at + 1)];
}

export const MAX_SPEAKERS = 4;
const MAX_MINUTES = 240;

export const isMinutes = (text: string) => {
  const trimmed = text.trim().replace(",", ".");
  return (
    trimmed === "" ||
    (/^\d{1,3}(\.\d+)?$/.test(trimmed) && Number(trimmed) > 0 && Number(trimmed) <= MAX_MINUTES)
  );
};

export type Fault = "sources" | "minutes" | "language" | "speakers";

/** What is missing or wrong, in the order of the form. */
export function faultsOf(draft: Draft, files: number): Fault[] {
  const faults: Fault[] = [];
  if (sourcesOf(draft).length + files === 0) faults.push("sources");
  if (!isMinutes(draft.minutes)) faults.push("minutes");
  if (!isLanguage(draft.language)) faults.push("language");
  if (draft.speakers !== null && !areSpeakers(draft.speakers)) faults.push("speakers");
  return faults;
}

export const isLanguage = (tag: string) => /^([a-z]{2,3}(-[a-z0-9]{2,8}){0,3})?$/i.test(tag.trim());

/** One to four, with names that differ. */
export function areSpeakers(speakers: readonly SpeakerDraft[]): boolean {
  const names = speakers.map(({ name }) => name.trim().toLowerCase());
  return (
    speakers.length > 0 &&
    speakers.length <= MAX_SPEAKERS &&
    names.every(Boolean) &&
    new Set(names).size === names.length
  );
}

export const musicOf = (music: MusicDraft) => {
  const named = Object.entries(music).filter(([, name]) => name !== "");
  return named.length > 0 ? Object.fromEntries(named) : null;
};

/** What the server is asked for. */
export function wishesOf(draft: Draft): EpisodeCreate {
  const music = musicOf(draft.music);
  const minutes = draft.minutes.trim().replace(",", ".");
  return {
    sources: sourcesOf(draft).map(sent),
    ...(draft.title.trim() ? { title: draft.title.trim() } : {}),
    ...(draft.template ? { templateId: draft.template } : {}),
    ...(minutes ? { minutes: Number(minutes) } : {}),
    ...(draft.language.trim() ? { language: draft.language.trim() } : {}),
    ...(draft.format ? { format: draft.format } : {}),
    ...(draft.speakers ? { speakers: draft.speakers.map(speakerOf) } : {}),
    ...(draft.instructions.trim() ? { instructions: draft.instructions.trim() } : {}),
    ...(music ? { music } : {}),
    formats: ["mp3", ...(draft.opus ? (["opus"] as const) : []), ...(draft.m4a ? (["m4a"] as const) : [])],
    approve: draft.approve,
  };
}

const STORED = "magpie.podcast.new";

/** A draft that was left behind by a reload or an ended session; it ends with the tab. */
export function readDraft(): Draft | null {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(STORED) ?? "null");
    return typeof kept === "object" && kept !== null ? checked({ ...emptyDraft(), ...kept }) : null;
  } catch {
    return null;
  }
}

/** What an earlier version of the page has kept may not fit any more. */
const checked = (draft: Draft): Draft => ({
  ...draft,
  format: (FORMATS as readonly string[]).includes(draft.format) ? draft.format : "",
});

export function keepDraft(draft: Draft | null): void {
  try {
    if (draft === null) sessionStorage.removeItem(STORED);
    else sessionStorage.setItem(STORED, JSON.stringify(draft));
  } catch {
    // Storage may be forbidden or full: the form itself still has it.
  }
}
