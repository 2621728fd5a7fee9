import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en } from "@/i18n/en";
import { zh } from "@/i18n/zh";
import { parted, speaksFor } from "./reasons";

const docs = readFileSync("../docs/matching.md", "utf8");

/** The codes in the first column of a table of the document. */
function firstColumn(heading: string, until: string): string[] {
  const from = docs.indexOf(heading);
  const part = docs.slice(from, docs.indexOf(until, from));
  return part
    .split("\n")
    .filter((line) => line.startsWith("| `"))
    .flatMap((line) =>
      [...(line.split("|")[1] ?? "").matchAll(/`([a-z_]+)/g)].map((match) => match[1] ?? ""),
    );
}

test("every reason of the matcher is told in both languages, and no other", () => {
  const codes = firstColumn("## Reasons", "\n## ");
  expect(codes.length).toBeGreaterThan(25);
  const told = [...codes, "decided"].map((code) => `match.why.${code}`).sort();
  for (const catalogue of [en, zh])
    expect(
      Object.keys(catalogue)
        .filter((key) => key.startsWith("match.why."))
        .sort(),
    ).toEqual(told);
});

test("every kind of version is told in both languages, and no other", () => {
  const kinds = firstColumn("**Versions.**", "**Artists**");
  expect(kinds).toContain("live");
  const told = kinds.map((kind) => `match.kind.${kind}`).sort();
  for (const catalogue of [en, zh])
    expect(
      Object.keys(catalogue)
        .filter((key) => key.startsWith("match.kind."))
        .sort(),
    ).toEqual(told);
});

test("a reason is parted at its colon, and speaks for the track or against it", () => {
  expect(parted("version_differs: live")).toEqual({ code: "version_differs", detail: "live" });
  expect(parted("same_title")).toEqual({ code: "same_title", detail: "" });
  expect(speaksFor("same_title")).toBe(true);
  expect(speaksFor("duration_far: 31 s")).toBe(false);
});
