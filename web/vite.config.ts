import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import react from "@vitejs/plugin-react";
import type { Plugin } from "vite";
import { defineConfig } from "vitest/config";
import { docsAssets } from "./build/docs-assets.ts";

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/**
 * The colour scheme must be set before the first paint, and the Content-Security-Policy forbids inline
 * scripts: so a tiny classic script of its own goes into the head, hashed like every other asset.
 */
function colourSchemeScript(): Plugin {
  const source = readFileSync(here("./src/theme/color-scheme.js"), "utf8");
  const digest = createHash("sha256").update(source).digest("hex").slice(0, 8);
  const fileName = `assets/color-scheme-${digest}.js`;
  let building = false;
  return {
    name: "magpie-colour-scheme-script",
    configResolved(config) {
      building = config.command === "build";
    },
    buildStart() {
      if (building) this.emitFile({ type: "asset", fileName, source });
    },
    transformIndexHtml() {
      const src = building ? `/${fileName}` : "/src/theme/color-scheme.js";
      return [{ tag: "script", attrs: { src }, injectTo: "head-prepend" }];
    },
  };
}

const backend = process.env["MAGPIE_DEV_BACKEND"] ?? "http://127.0.0.1:8000";

export default defineConfig({
  plugins: [react(), colourSchemeScript(), docsAssets()],
  resolve: { alias: { "@": here("./src") } },
  build: {
    outDir: here("../src/magpie/page"),
    emptyOutDir: true,
    // Nothing as a data: address, so that the policy can stay at 'self'.
    assetsInlineLimit: 0,
    // `npm run size` reads the manifest; it is not served.
    manifest: ".vite/manifest.json",
    target: "es2022",
  },
  server: {
    proxy: {
      "/api": { target: backend, ws: true },
      "/auth": backend,
      "/feeds": backend,
    },
  },
  test: {
    // Files that need a document say so in their first line: to make one takes longer than their tests.
    environment: "node",
    isolate: false,
    globals: false,
    css: false,
  },
});
