/** A part of a name; `differs` where the other name has something else. */
export interface Piece {
  text: string;
  differs: boolean;
}

// Words of letters and digits; each ideograph and each syllable of a script without spaces stands for itself.
const TOKENS =
  /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]|[\p{L}\p{M}\p{N}]+|[^\p{L}\p{M}\p{N}]+/gu;
const SAYS_SOMETHING = /[\p{L}\p{N}]/u;
/** Names are short; what is longer is no name, and is not compared. */
const MOST_TOKENS = 200;

const folded = (token: string) => token.normalize("NFKD").replaceAll(/\p{M}/gu, "").toLowerCase();

/** Splits a name into what the other name has, too, and what it has not. Case, accents and widths do not count. */
export function marked(name: string, other: string): Piece[] {
  const ours = name.match(TOKENS) ?? [];
  const theirs = (other.match(TOKENS) ?? []).filter((token) => SAYS_SOMETHING.test(token)).map(folded);
  if (ours.length > MOST_TOKENS || theirs.length > MOST_TOKENS) return [{ text: name, differs: false }];
  const shared = inCommon(ours, theirs);
  const pieces: Piece[] = [];
  for (const [index, text] of ours.entries()) {
    const last = pieces.at(-1);
    // Punctuation goes with what stands before it: one mark, not three.
    const differs = SAYS_SOMETHING.test(text) ? !shared.has(index) : (last?.differs ?? false);
    if (last?.differs === differs) last.text += text;
    else pieces.push({ text, differs });
  }
  return pieces;
}

/** Which of our tokens are in the longest sequence that both have. */
function inCommon(ours: readonly string[], theirs: readonly string[]): Set<number> {
  const words = ours.flatMap((token, index) =>
    SAYS_SOMETHING.test(token) ? [{ index, token: folded(token) }] : [],
  );
  const lengths = Array.from({ length: words.length + 1 }, () =>
    new Array<number>(theirs.length + 1).fill(0),
  );
  const at = (row: number, column: number) => lengths[row]?.[column] ?? 0;
  for (let row = words.length - 1; row >= 0; row--)
    for (let column = theirs.length - 1; column >= 0; column--) {
      const same = words[row]?.token === theirs[column];
      const longest = same ? at(row + 1, column + 1) + 1 : Math.max(at(row + 1, column), at(row, column + 1));
      lengths[row]?.splice(column, 1, longest);
    }
  const shared = new Set<number>();
  for (let row = 0, column = 0; row < words.length && column < theirs.length;) {
    const word = words[row];
    if (word?.token === theirs[column]) {
      if (word) shared.add(word.index);
      row += 1;
      column += 1;
    } else if (at(row + 1, column) >= at(row, column + 1)) row += 1;
    else column += 1;
  }
  return shared;
}

/** Up to here two lengths are one: as the matcher counts. */
const SAME_SECONDS = 3;
const LIKE_SECONDS = 10;

export interface Distance {
  /** Whole seconds that the found one is longer; negative: shorter. */
  seconds: number;
  grade: "same" | "like" | "far";
}

/** How far two lengths are apart; null where one is not told. */
export function distance(wanted: number | null, found: number | null): Distance | null {
  if (wanted === null || found === null) return null;
  const seconds = Math.round(found - wanted);
  const far = Math.abs(seconds);
  return { seconds, grade: far <= SAME_SECONDS ? "same" : far <= LIKE_SECONDS ? "like" : "far" };
}
