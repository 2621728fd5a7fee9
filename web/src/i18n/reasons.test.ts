import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { en } from "./en";

test("every reason that the server knows is told in the catalogues, and no other", () => {
  const source = readFileSync("../src/magpie/downloads/failures.py", "utf8");
  const body = /class Reason\(StrEnum\):(.*?)\n\n\n/s.exec(source)?.[1] ?? "";
  const known = [...body.matchAll(/^ {4}[A-Z_]+ = "(\w+)"/gm)].map((match) => match[1]);
  expect(known.length).toBeGreaterThan(20);
  const told = (prefix: string) =>
    Object.keys(en)
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
  expect(told("reason.").sort()).toEqual([...known].sort());
  expect(told("hint.").sort()).toEqual([...known].sort());
});
