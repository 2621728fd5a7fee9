import { readFileSync } from "node:fs";
import { defineConfig } from "@hey-api/openapi-ts";

type Paths = Record<string, Record<string, { operationId?: string }>>;

/**
 * The schema without its operation ids: functions are then named by method and path (`getApiV1Items`), so
 * that renaming a function on the server changes nothing here.
 */
function schema(): Record<string, unknown> {
  const read = JSON.parse(readFileSync("openapi.json", "utf8")) as Record<string, unknown> & { paths: Paths };
  for (const path of Object.values(read.paths)) {
    for (const operation of Object.values(path)) delete operation.operationId;
  }
  return read;
}

export default defineConfig({
  input: schema(),
  output: {
    path: process.env["MAGPIE_CLIENT_OUT"] ?? "src/client",
    header: ["// Generated from openapi.json by `npm run client`. Do not edit."],
  },
  plugins: [{ name: "@hey-api/client-fetch", throwOnError: true }, "@hey-api/typescript", "@hey-api/sdk"],
});
