import type { Script, ScriptIn, Turn } from "@/api/podcasts";

/** A turn on the screen. Its key stays while it is moved and changed. */
export interface EditTurn extends Turn {
  key: number;
}

/** A script as it is being changed. Every turn's segment is one of `segments`, and they are in its order. */
export interface Edit {
  turns: readonly EditTurn[];
  segments: readonly { title: string; summary: string }[];
  nextKey: number;
}

export function editOf({ turns, segments }: Pick<Script, "turns" | "segments">): Edit {
  const last = Math.max(0, segments.length - 1);
  const placed = turns.map((turn, key) => ({ ...turn, segment: Math.min(turn.segment ?? 0, last), key }));
  return {
    turns: placed.sort((one, other) => one.segment - other.segment),
    segments:
      segments.length > 0
        ? segments.map(({ title, summary }) => ({ title, summary: summary ?? "" }))
        : [{ title: "", summary: "" }],
    nextKey: turns.length,
  };
}

/** What goes to the server. */
export const sentOf = ({ turns, segments }: Edit): ScriptIn => ({
  turns: turns.map((turn) => {
    const { speaker, text, style, segment, sourceSpan, flags } = turn;
    return { speaker, text: text.trim(), style, segment, sourceSpan, flags };
  }),
  segments: segments.map((segment) => ({ ...segment })),
});

const asText = (edit: Edit) => JSON.stringify(sentOf(edit));
export const differs = (one: Edit, other: Edit) => asText(one) !== asText(other);

/** Whether it can be spoken: no turn is empty, and there is one. */
export const isWhole = ({ turns }: Edit) => turns.length > 0 && turns.every(({ text }) => text.trim() !== "");

/** Changes a turn. What was flagged and is no longer said is no longer flagged. */
export function changeTurn(edit: Edit, key: number, part: Partial<Pick<Turn, "text" | "speaker" | "style">>) {
  const change = (turn: EditTurn): EditTurn => {
    const next = { ...turn, ...part };
    return { ...next, flags: (next.flags ?? []).filter(({ text }) => next.text.includes(text)) };
  };
  return { ...edit, turns: edit.turns.map((turn) => (turn.key === key ? change(turn) : turn)) };
}

export function removeTurn(edit: Edit, key: number): Edit {
  return { ...edit, turns: edit.turns.filter((turn) => turn.key !== key) };
}

/** A new turn after another one, by the speaker whose turn it is next. */
export function addTurn(edit: Edit, after: number, speakers: readonly string[]): Edit {
  const at = edit.turns.findIndex(({ key }) => key === after);
  const before = edit.turns[at];
  const turn: EditTurn = {
    key: edit.nextKey,
    speaker: nextSpeaker(before?.speaker, speakers),
    text: "",
    style: null,
    segment: before?.segment ?? 0,
    sourceSpan: null,
    flags: [],
  };
  return {
    ...edit,
    turns: [...edit.turns.slice(0, at + 1), turn, ...edit.turns.slice(at + 1)],
    nextKey: edit.nextKey + 1,
  };
}

function nextSpeaker(last: string | undefined, speakers: readonly string[]): string {
  const at = speakers.indexOf(last ?? "");
  return speakers[(at + 1) % Math.max(1, speakers.length)] ?? last ?? "";
}

/** Moves a turn by one place. At the edge of its segment it goes over into the next one. */
export function moveTurn(edit: Edit, key: number, by: -1 | 1): Edit {
  const at = edit.turns.findIndex((turn) => turn.key === key);
  const turn = edit.turns[at];
  if (turn === undefined) return edit;
  const other = edit.turns[at + by];
  const segment = turn.segment ?? 0;
  if (other === undefined || (other.segment ?? 0) !== segment) {
    const wanted = segment + by;
    if (wanted < 0 || wanted >= edit.segments.length) return edit;
    return {
      ...edit,
      turns: edit.turns.map((each) => (each.key === key ? { ...each, segment: wanted } : each)),
    };
  }
  const turns = [...edit.turns];
  turns[at] = other;
  turns[at + by] = turn;
  return { ...edit, turns };
}

export function renameSegment(edit: Edit, index: number, title: string): Edit {
  return { ...edit, segments: edit.segments.map((each, at) => (at === index ? { ...each, title } : each)) };
}

/** A new chapter that begins with a turn: what follows in its old chapter goes along. */
export function splitAt(edit: Edit, key: number, title: string): Edit {
  const at = edit.turns.findIndex((turn) => turn.key === key);
  const segment = edit.turns[at]?.segment ?? 0;
  return {
    ...edit,
    segments: [
      ...edit.segments.slice(0, segment + 1),
      { title, summary: "" },
      ...edit.segments.slice(segment + 1),
    ],
    turns: edit.turns.map((turn, index) => {
      const own = turn.segment ?? 0;
      return own > segment || (own === segment && index >= at) ? { ...turn, segment: own + 1 } : turn;
    }),
  };
}

/** Takes a chapter's heading away: its turns become part of the one before, or of the next if it is the first. */
export function joinSegment(edit: Edit, index: number): Edit {
  if (edit.segments.length < 2) return edit;
  return {
    ...edit,
    segments: edit.segments.filter((_, at) => at !== index),
    turns: edit.turns.map((turn) => {
      const own = turn.segment ?? 0;
      return own > index || (own === index && index > 0) ? { ...turn, segment: own - 1 } : turn;
    }),
  };
}

/** Moves a chapter with its turns by one place. */
export function moveSegment(edit: Edit, index: number, by: -1 | 1): Edit {
  const to = index + by;
  const one = edit.segments[index];
  const other = edit.segments[to];
  if (one === undefined || other === undefined) return edit;
  const segments = [...edit.segments];
  segments[index] = other;
  segments[to] = one;
  const turns = edit.turns
    .map((turn) => {
      const own = turn.segment ?? 0;
      return own === index ? { ...turn, segment: to } : own === to ? { ...turn, segment: index } : turn;
    })
    .sort((a, b) => (a.segment ?? 0) - (b.segment ?? 0));
  return { ...edit, segments, turns };
}

/** A text in parts: what is flagged in it apart from the rest. */
export function marked(
  text: string,
  flags: readonly { kind: string; text: string }[],
): { text: string; kind: string | null }[] {
  const parts: { text: string; kind: string | null }[] = [];
  let at = 0;
  while (at < text.length) {
    const next = flags
      .map((flag) => ({ ...flag, at: flag.text === "" ? -1 : text.indexOf(flag.text, at) }))
      .filter((flag) => flag.at >= 0)
      .sort((one, other) => one.at - other.at || other.text.length - one.text.length)[0];
    if (next === undefined) break;
    if (next.at > at) parts.push({ text: text.slice(at, next.at), kind: null });
    parts.push({ text: next.text, kind: next.kind });
    at = next.at + next.text.length;
  }
  if (at < text.length) parts.push({ text: text.slice(at), kind: null });
  return parts;
}

/** How long a text takes to say, roughly: seconds. Words of scripts without spaces are counted by their signs. */
export function spokenSeconds(text: string): number {
  const signs = text.match(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g)?.length ?? 0;
  const words = text
    .replaceAll(/[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]/g, " ")
    .split(/\s+/)
    .filter(Boolean).length;
  return words / 2.5 + signs / 4.5;
}
