/** Fails when src/client is not what openapi.json generates. */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const committed = "src/client";
const fresh = mkdtempSync(join(tmpdir(), "magpie-client-"));

function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
}

try {
  const out = join(fresh, "client");
  const program = join("node_modules", "@hey-api", "openapi-ts", "bin", "run.js");
  execFileSync(process.execPath, [program], {
    env: { ...process.env, MAGPIE_CLIENT_OUT: out },
    stdio: ["ignore", "ignore", "inherit"],
  });
  const names = new Set([...files(committed), ...files(out)]);
  const read = (folder, name) => {
    try {
      return readFileSync(join(folder, name), "utf8");
    } catch {
      return null;
    }
  };
  const stale = [...names].filter((name) => read(committed, name) !== read(out, name));
  if (stale.length > 0) {
    console.error(`The generated client is stale (${stale.join(", ")}). Run: npm run client`);
    process.exitCode = 1;
  }
} finally {
  rmSync(fresh, { recursive: true, force: true });
}
