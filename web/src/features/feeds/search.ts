/** The address of the feed of what a search for these words finds. */
export function searchFeed(base: string, words: string): string {
  const url = new URL(base);
  url.searchParams.set("q", words.trim());
  return url.href;
}
