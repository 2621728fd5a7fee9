/**
 * Fails when the JavaScript that a first visit loads is over its budget.
 *
 * First JavaScript: the entry and everything it imports statically, plus, for the heaviest of the first
 * screens (home, login, sign-up), that route's own chunk with its static imports, plus the larger
 * catalogue of messages. Gzipped, level 9.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";

const BUDGET = 200_000;
const page = "../src/magpie/page";
const FIRST_SCREENS = [
  "features/home/HomePage.tsx",
  "features/account/LoginPage.tsx",
  "features/account/SignUpPage.tsx",
];

const manifest = JSON.parse(readFileSync(join(page, ".vite/manifest.json"), "utf8"));
const gzipped = (file) => gzipSync(readFileSync(join(page, file)), { level: 9 }).length;

function withImports(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const next of manifest[key].imports ?? []) withImports(next, seen);
  return seen;
}

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const base = withImports(entry);
const weigh = (keys) => [...keys].reduce((sum, key) => sum + gzipped(manifest[key].file), 0);
const catalogue = Math.max(
  ...Object.keys(manifest)
    .filter((key) => /i18n\/(en|zh)\.ts$/.test(key))
    .map((key) => gzipped(manifest[key].file)),
);
const screens = FIRST_SCREENS.map((screen) => {
  const key = Object.keys(manifest).find((name) => name.endsWith(screen));
  if (!key) throw new Error(`${screen} is not a chunk of its own: is its route still lazy?`);
  return { screen, bytes: weigh(new Set([...base, ...withImports(key)])) + catalogue };
});

const first = Math.max(...screens.map(({ bytes }) => bytes));
for (const { screen, bytes } of screens)
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB gzipped  ${screen}`);
console.log(`${(BUDGET / 1000).toFixed(1).padStart(7)} kB budget`);
if (first > BUDGET) {
  console.error(`First JavaScript is ${first} bytes, over the budget of ${BUDGET}.`);
  process.exitCode = 1;
}
