/**
 * Fails when the JavaScript that a first visit loads is over its budget.
 *
 * First JavaScript: the entry and everything it imports statically, plus, for the heaviest of the first
 * screens (home, login, sign-up), that route's own chunk with its static imports, plus the parts of the
 * catalogue that it names in the router, in the language where they are larger. Gzipped, level 9.
 */
import { readdirSync, readFileSync } from "node:fs";
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
const ROUTES = "src/app/routes";
const router = readdirSync(ROUTES)
  .map((file) => readFileSync(join(ROUTES, file), "utf8"))
  .join("\n");

/** What a screen's words weigh: the parts that the router names for it, in the larger of the languages. */
function weighWords(screen) {
  const module = screen.replace(/\.tsx$/, "");
  const named = new RegExp(`screen\\(\\s*\\[([^\\]]*)\\],\\s*\\(\\) =>\\s*import\\("@/${module}"\\)`).exec(
    router,
  );
  if (!named) throw new Error(`The router names no words for ${screen}.`);
  const parts = ["core", ...(named[1].match(/\w+/g) ?? [])];
  return Math.max(
    ...["en", "zh"].map((language) =>
      parts.reduce((sum, part) => sum + gzipped(manifest[`src/i18n/${language}.${part}.ts`].file), 0),
    ),
  );
}

const screens = FIRST_SCREENS.map((screen) => {
  const key = Object.keys(manifest).find((name) => name.endsWith(screen));
  if (!key) throw new Error(`${screen} is not a chunk of its own: is its route still lazy?`);
  return { screen, bytes: weigh(new Set([...base, ...withImports(key)])) + weighWords(screen) };
});

const first = Math.max(...screens.map(({ bytes }) => bytes));
for (const { screen, bytes } of screens)
  console.log(`${(bytes / 1000).toFixed(1).padStart(7)} kB gzipped  ${screen}`);
console.log(`${(BUDGET / 1000).toFixed(1).padStart(7)} kB budget`);
if (first > BUDGET) {
  console.error(`First JavaScript is ${first} bytes, over the budget of ${BUDGET}.`);
  process.exitCode = 1;
}
