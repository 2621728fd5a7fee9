/** An address inside any text: up to white space, a quotation mark, an angle bracket or CJK punctuation. */
const ADDRESS = /https?:\/\/[^\s<>"'`，。；：！？、（）【】《》「」『』“”‘’]+/giu;
/** What people leave out: the scheme of an address that stands alone on its line. */
const BARE = /^(?:[a-z0-9-]+\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?$/iu;

const CLOSERS: Record<string, string> = { ")": "(", "]": "[", "}": "{" };

/** Every address in a pasted text, once each, in order: share texts, lists, Markdown, a bare `site.example/x`. */
export function findLinks(text: string): string[] {
  const found = text.split(/\r?\n/).flatMap((line) => {
    const inText = line.match(ADDRESS);
    if (inText) return inText.map(trimEnd);
    const alone = line.trim();
    return BARE.test(alone) ? [`https://${alone}`] : [];
  });
  return [...new Set(found.filter((address) => URL.canParse(address)))];
}

/** Takes off what ends the sentence rather than the address. */
function trimEnd(address: string): string {
  const counts = new Map<string, number>();
  for (const character of address) counts.set(character, (counts.get(character) ?? 0) + 1);
  const count = (character: string) => counts.get(character) ?? 0;
  let end = address.length;
  for (; end > 0; end -= 1) {
    const last = address.charAt(end - 1);
    const opener = CLOSERS[last];
    const unopened = opener !== undefined && count(last) > count(opener);
    if (!unopened && !/[.,;:!?*_|]/.test(last)) break;
    counts.set(last, count(last) - 1);
  }
  return address.slice(0, end);
}

/** The host of an address, for people. */
export function hostOf(address: string): string {
  return URL.canParse(address) ? new URL(address).host.replace(/^www\./, "") : address;
}
