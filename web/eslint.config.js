import js from "@eslint/js";
import globals from "globals";
import hooks from "eslint-plugin-react-hooks";
import ts from "typescript-eslint";

/** All that people read comes from the catalogues in src/i18n, in every language. */
const noTextInComponents = [
  "error",
  { selector: "JSXText[value=/\\p{L}/u]", message: "Text belongs in the catalogues (src/i18n)." },
  {
    selector:
      "JSXAttribute[name.name=/^(aria-label|alt|title|label|placeholder|description)$/] > Literal[value=/\\p{L}/u]",
    message: "Text belongs in the catalogues (src/i18n).",
  },
  {
    selector: "JSXAttribute[name.name='dangerouslySetInnerHTML']",
    message: "What comes from the web is text, never markup.",
  },
];

export default ts.config(
  { ignores: ["src/client/**", "node_modules/**", "coverage/**"] },
  js.configs.recommended,
  {
    files: ["**/*.{ts,tsx}"],
    extends: [ts.configs.recommendedTypeChecked],
    languageOptions: {
      globals: globals.browser,
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname },
    },
    plugins: { "react-hooks": hooks },
    rules: {
      ...hooks.configs.recommended.rules,
      "no-restricted-syntax": noTextInComponents,
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-misused-promises": ["error", { checksVoidReturn: { attributes: false } }],
    },
  },
  {
    // Routes are thrown (redirects), by the router's own design.
    files: ["src/app/**"],
    rules: { "@typescript-eslint/only-throw-error": "off" },
  },
  { files: ["scripts/**", "*.js"], languageOptions: { globals: globals.node } },
  {
    files: ["src/theme/color-scheme.js"],
    languageOptions: { globals: globals.browser, sourceType: "script" },
  },
);
