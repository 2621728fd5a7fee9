import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Plugin } from "vite";

const require = createRequire(import.meta.url);

/** The programs of the API's documentation, and what starts each: the policy allows no inline script. */
function assets(): Record<string, string | Buffer> {
  const swagger = dirname(require.resolve("swagger-ui-dist/package.json"));
  const redoc = dirname(require.resolve("redoc/package.json"));
  return {
    "swagger-ui.css": readFileSync(join(swagger, "swagger-ui.css")),
    "swagger-ui-bundle.js": readFileSync(join(swagger, "swagger-ui-bundle.js")),
    "swagger-ui-bundle-start.js": `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`,
    "redoc.standalone.js": readFileSync(join(redoc, "bundles/redoc.standalone.js")),
    "redoc.standalone-start.js": `Redoc.init("/api/v1/openapi.json", {}, document.getElementById("docs"));\n`,
  };
}

/** Puts the API documentation's own programs beside the page: /docs and /redoc need nobody else's server. */
export function docsAssets(): Plugin {
  return {
    name: "magpie-docs-assets",
    apply: "build",
    generateBundle() {
      for (const [name, source] of Object.entries(assets())) {
        this.emitFile({ type: "asset", fileName: `docs-assets/${name}`, source });
      }
    },
  };
}
