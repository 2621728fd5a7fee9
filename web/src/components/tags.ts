/** The tags in a text, with commas of any script between them; each once, whatever its letter case. */
export function tagsIn(text: string): string[] {
  const seen = new Map<string, string>();
  for (const part of text.split(/[,，、;；\n]/)) {
    const tag = part.replace(/^#/, "").trim().replace(/\s+/g, " ");
    if (tag && !seen.has(tag.toLowerCase())) seen.set(tag.toLowerCase(), tag);
  }
  return [...seen.values()];
}
