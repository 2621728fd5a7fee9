import type { Format, Template, TemplateCreate } from "@/api/templates";
import {
  isLanguage,
  isMinutes,
  musicOf,
  NO_MUSIC,
  speakerDraft,
  speakerOf,
  type MusicDraft,
  type SpeakerDraft,
} from "../make/draft";

/** The form of a template as it is typed. */
export interface TemplateDraft {
  name: string;
  description: string;
  instructions: string;
  format: Format | "";
  minutes: string;
  language: string;
  style: string;
  speakers: readonly SpeakerDraft[];
  music: MusicDraft;
}

const EMPTY: TemplateDraft = {
  name: "",
  description: "",
  instructions: "",
  format: "",
  minutes: "",
  language: "",
  style: "",
  speakers: [],
  music: NO_MUSIC,
};

export function draftOf(template: Template | undefined, name?: string): TemplateDraft {
  if (template === undefined) return EMPTY;
  const { music } = template;
  return {
    name: name ?? template.name,
    description: template.description ?? "",
    instructions: template.llmPromptInstructions ?? "",
    format: template.format ?? "",
    minutes: template.minutes ? String(template.minutes) : "",
    language: template.language ?? "",
    style: template.style ?? "",
    speakers: (template.speakers ?? []).map(speakerDraft),
    music: { intro: music?.intro ?? "", outro: music?.outro ?? "", bed: music?.bed ?? "" },
  };
}

/** What the server keeps. A field that was emptied goes along: it is not as it was. */
export function fieldsOf(draft: TemplateDraft): Omit<TemplateCreate, "id"> {
  const minutes = draft.minutes.trim().replace(",", ".");
  return {
    name: draft.name.trim(),
    description: draft.description.trim(),
    llmPromptInstructions: draft.instructions.trim(),
    format: draft.format || null,
    minutes: minutes ? Number(minutes) : null,
    language: draft.language.trim() || null,
    style: draft.style.trim(),
    speakers: draft.speakers.map(speakerOf),
    music: musicOf(draft.music),
  };
}

export type TemplateField = keyof TemplateDraft;

/** What is wrong before the server is asked. */
export function wrongIn(draft: TemplateDraft): TemplateField[] {
  const wrong: TemplateField[] = [];
  if (draft.name.trim() === "") wrong.push("name");
  if (!isMinutes(draft.minutes)) wrong.push("minutes");
  if (!isLanguage(draft.language)) wrong.push("language");
  if (draft.speakers.some(({ name }) => name.trim() === "")) wrong.push("speakers");
  return wrong;
}

const FIELDS: Record<string, TemplateField> = { llmPromptInstructions: "instructions" };

/** The server's messages by the field of the form that they are about; `""` for what is about none of them. */
export function faultsByField(cause: unknown): Partial<Record<TemplateField | "", string>> {
  const body = (cause ?? {}) as { errors?: unknown; detail?: unknown };
  const list = Array.isArray(body.errors) ? body.errors : Array.isArray(body.detail) ? body.detail : [];
  const faults: Partial<Record<TemplateField | "", string>> = {};
  for (const fault of list as { loc?: unknown; msg?: unknown }[]) {
    const loc = Array.isArray(fault.loc) ? fault.loc.filter((part) => part !== "body") : [];
    const said = String(loc[0] ?? "");
    const field = FIELDS[said] ?? (said in EMPTY ? (said as TemplateField) : "");
    faults[field] ??= (typeof fault.msg === "string" ? fault.msg : "").replace(/^Value error, /, "");
  }
  return faults;
}
