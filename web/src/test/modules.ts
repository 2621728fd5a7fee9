import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

/** The page's own source files, without tests, catalogues and the generated client; paths from `web/`. */
export function sourceFiles(): string[] {
  return readdirSync("src", { recursive: true, encoding: "utf8" })
    .map((name) => join("src", name))
    .filter((name) => /\.tsx?$/.test(name) && !isLeftOut(name));
}

const isLeftOut = (name: string) => /^src\/(client|test)\/|^src\/i18n\/(en|zh)|\.(test|d)\./.test(name);

/** A module of the page by the name that another one imports it by; null for what is not the page's own. */
export function resolve(from: string, name: string): string | null {
  const path = name.startsWith("@/") ? join("src", name.slice(2)) : join(dirname(from), name);
  if (!/^(@\/|\.)/.test(name)) return null;
  const found = ["", ".ts", ".tsx", "/index.ts", "/index.tsx"].map((end) => path + end).find(isModule);
  return found === undefined || isLeftOut(found) ? null : found;
}

const isModule = (path: string) => /\.tsx?$/.test(path) && existsSync(path);

/** A module and all that is loaded with it: what it imports at once, not what it imports when it is needed. */
export function loadedWith(module: string, seen = new Set<string>()): Set<string> {
  if (seen.has(module)) return seen;
  seen.add(module);
  const text = readFileSync(module, "utf8").replaceAll(/^(import|export) type [^;]*;/gm, "");
  for (const [, name = ""] of text.matchAll(/(?:from|^import) "([^"]+)"/gm)) {
    const next = resolve(module, name);
    if (next !== null) loadedWith(next, seen);
  }
  return seen;
}
