/** So many signs around what is cited, at most. */
const AROUND = 240;

export interface Passage {
  before: string;
  cited: string;
  after: string;
}

/**
 * The place of a text that a turn comes from, with what stands around it, cut between words. Counts characters
 * as the server does: one that takes two places in JavaScript is one. Null for a place beyond the text.
 */
export function passageOf(text: string, { start, end }: { start: number; end: number }): Passage | null {
  const signs = Array.from(text);
  if (start >= signs.length || end <= start) return null;
  const part = (from: number, to: number) => signs.slice(Math.max(0, from), to).join("");
  const before = part(start - AROUND, start);
  const after = part(end, end + AROUND);
  return {
    before: start > AROUND ? `…${before.replace(/^\S*\s/, "")}` : before,
    cited: part(start, end),
    after: end + AROUND < signs.length ? `${after.replace(/\s\S*$/, "")}…` : after,
  };
}
