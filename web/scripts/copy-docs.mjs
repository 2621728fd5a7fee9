// Puts the API documentation's own programs beside the page, so that /docs and /redoc need nobody else's server.
import { copyFile, mkdir, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const target = join(dirname(fileURLToPath(import.meta.url)), "../../src/magpie/page/docs-assets");
const swagger = dirname(require.resolve("swagger-ui-dist/package.json"));
const redoc = dirname(require.resolve("redoc/package.json"));

// The strict content policy allows no inline script: what starts each program is a file of its own.
const starts = {
  "swagger-ui-bundle-start.js": `SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: false,
  validatorUrl: null,
});
`,
  "redoc.standalone-start.js": `Redoc.init("/api/v1/openapi.json", {}, document.getElementById("docs"));
`,
};

await mkdir(target, { recursive: true });
await copyFile(join(swagger, "swagger-ui.css"), join(target, "swagger-ui.css"));
await copyFile(join(swagger, "swagger-ui-bundle.js"), join(target, "swagger-ui-bundle.js"));
await copyFile(join(redoc, "bundles/redoc.standalone.js"), join(target, "redoc.standalone.js"));
for (const [name, text] of Object.entries(starts)) {
  await writeFile(join(target, name), text);
}
