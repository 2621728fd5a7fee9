/** The names in a text: one a line, or parted by bars, as in the table that ships. */
export function namesOf(text: string): string[] {
  const names = text
    .split(/[\n|｜]/)
    .map((name) => name.replaceAll(/\s+/g, " ").trim())
    .filter((name) => name !== "");
  return [...new Set(names)];
}
