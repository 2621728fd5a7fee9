/** Browsers in the order in which their names are to be looked for: the later ones stand in the earlier ones' too. */
const BROWSERS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\bEdg(?:A|iOS)?\//, "Edge"],
  [/\b(?:OPR|Opera)\//, "Opera"],
  [/\b(?:Firefox|FxiOS)\//, "Firefox"],
  [/\b(?:Chrome|CriOS|HeadlessChrome)\//, "Chrome"],
  [/\bVersion\/.*Safari\//, "Safari"],
];
const SYSTEMS: readonly (readonly [mark: RegExp, name: string])[] = [
  [/\b(?:iPhone|iPad)\b/, "iOS"],
  [/\bAndroid\b/, "Android"],
  [/\bWindows\b/, "Windows"],
  [/\bMac OS X\b/, "macOS"],
  [/\bCrOS\b/, "ChromeOS"],
  [/\bLinux\b/, "Linux"],
];

/** A browser in two words; of a program the name it gives itself. Empty where nothing is known. */
export function shortAgent(agent: string): string {
  const find = (list: typeof BROWSERS) => list.find(([mark]) => mark.test(agent))?.[1];
  const browser = find(BROWSERS);
  if (browser !== undefined) return [browser, find(SYSTEMS)].filter(Boolean).join(" · ");
  return agent.split(/[\s(]/, 1)[0] ?? "";
}
