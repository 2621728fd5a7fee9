/** One word and when it is said, in seconds. */
interface Word {
  text: string;
  start: number;
}

/** What one speaker says in one go. */
export interface Cue {
  start: number;
  end: number;
  speaker: string;
  text: string;
  /** Empty where the voice did not tell when it says which word. */
  words: Word[];
}

const TIMES = /^((?:\d+:)?\d\d:\d\d\.\d{3})\s+-->\s+((?:\d+:)?\d\d:\d\d\.\d{3})/;
const VOICE = /^<v(?:\.[^\s>]*)?\s+([^>]*)>/;
const STAMP = /<((?:\d+:)?\d\d:\d\d\.\d{3})>/;

/** Seconds of `1:02:03.450` or `02:03.450`. */
function seconds(time: string): number {
  return time.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** Reads a transcript in WebVTT: speakers in voice tags, the times of words between them. */
export function parseVtt(text: string): Cue[] {
  return text
    .replaceAll("\r\n", "\n")
    .split(/\n{2,}/)
    .flatMap((block) => {
      const lines = block.split("\n");
      const at = lines.findIndex((line) => TIMES.test(line));
      const times = TIMES.exec(lines[at] ?? "");
      if (times === null) return [];
      const payload = lines.slice(at + 1).join("\n");
      const speaker = plain(VOICE.exec(payload)?.[1] ?? "");
      const start = seconds(times[1] ?? "0");
      return [
        {
          start,
          end: seconds(times[2] ?? "0"),
          speaker,
          ...said(payload.replace(VOICE, "").replace(/<\/v>\s*$/, ""), start),
        },
      ];
    });
}

function said(payload: string, start: number): Pick<Cue, "text" | "words"> {
  const [first = "", ...rest] = payload.split(STAMP);
  const words: Word[] = [];
  if (first.trim() !== "" && rest.length > 0) words.push({ text: plain(first), start });
  // Times and texts take turns.
  for (let at = 0; at + 1 < rest.length; at += 2) {
    const word = plain(rest[at + 1] ?? "");
    if (word.trim() !== "") words.push({ text: word, start: seconds(rest[at] ?? "0") });
  }
  return { text: plain(payload).trim(), words };
}

const ESCAPED: Record<string, string> = {
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: "\u00a0",
  lrm: "\u200e",
  rlm: "\u200f",
};

function plain(text: string): string {
  return text
    .replaceAll(/<[^>]*>/g, "")
    .replaceAll(/&(amp|lt|gt|nbsp|lrm|rlm);/g, (whole, name: string) => ESCAPED[name] ?? whole);
}

/** Which of these, in order of their beginnings, is on at a time; -1 before the first. */
export function indexAt(list: readonly { start: number }[], time: number): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((list[middle]?.start ?? 0) <= time) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
