// @vitest-environment jsdom
import { readFileSync } from "node:fs";
import { runInThisContext } from "node:vm";
import {
  convertCssVariables,
  DEFAULT_THEME,
  defaultCssVariablesResolver,
  mergeMantineTheme,
} from "@mantine/core";
import { expect, test, vi } from "vitest";
import { theme } from "./theme";

type Variables = Record<string, string>;

const changed = (ours: Variables, theirs: Variables): Variables =>
  Object.fromEntries(Object.entries(ours).filter(([name, value]) => theirs[name] !== value));

test("variables.css is what the theme resolves to (mend with: npx vitest run -u)", async () => {
  const ours = defaultCssVariablesResolver(mergeMantineTheme(DEFAULT_THEME, theme));
  const theirs = defaultCssVariablesResolver(DEFAULT_THEME);
  const css = convertCssVariables(
    {
      variables: changed(ours.variables, theirs.variables),
      light: changed(ours.light, theirs.light),
      dark: changed(ours.dark, theirs.dark),
    },
    ":root",
  );
  const lines = `/* Written by theme.test.ts from theme.ts. Do not edit. */\n${css.replaceAll(/([;{}])\s*/g, "$1\n")}`;
  await expect(lines).toMatchFileSnapshot("./variables.css");
});

/** As a browser does with a classic script. */
function runScript() {
  runInThisContext(readFileSync("src/theme/color-scheme.js", "utf8"));
}

test("the system's scheme decides where none was chosen", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: false })); // jsdom has none
  localStorage.clear();
  runScript();
  expect(document.documentElement.dataset["mantineColorScheme"]).toBe("light");
});

test("a chosen scheme wins over the system's", () => {
  localStorage.setItem("mantine-color-scheme-value", "dark");
  runScript();
  expect(document.documentElement.dataset["mantineColorScheme"]).toBe("dark");
});
