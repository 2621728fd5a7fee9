import { createTheme, type MantineColorsTuple } from "@mantine/core";

/** The sheen on a magpie's wing: between teal and blue. Shade 7 carries white text at 5.6:1. */
const iris: MantineColorsTuple = [
  "#e5f6f8",
  "#cbecf1",
  "#9bdbe5",
  "#67c8d7",
  "#3db3c7",
  "#1f9fb6",
  "#0f88a0",
  "#0b7187",
  "#0a5a6c",
  "#083f4c",
];

/** Neutrals with the blue of the bird's black in them. */
const gray: MantineColorsTuple = [
  "#f7f9fc",
  "#eef2f7",
  "#e2e8f1",
  "#d2dbe7",
  "#b6c2d3",
  "#7f8da3",
  "#56657d",
  "#43516a",
  "#2b3750",
  "#131c2e",
];

const dark: MantineColorsTuple = [
  "#e7edf7",
  "#c8d3e5",
  "#9fb0ca",
  "#7a8dac",
  "#33435f",
  "#24324c",
  "#172238",
  "#0e1728",
  "#090f1c",
  "#060a14",
];

const systemFonts =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "PingFang SC", "Hiragino Sans GB", ' +
  '"Microsoft YaHei", "Noto Sans SC", "Noto Sans CJK SC", sans-serif';

/**
 * Magpie's design language for Mantine. Its variables are written to `variables.css` ahead of time (see
 * `theme.test.ts`), so that no style element is made at run time and the policy can stay strict.
 */
export const theme = createTheme({
  primaryColor: "iris",
  primaryShade: { light: 7, dark: 7 },
  colors: { iris, gray, dark },
  black: "#131c2e",
  fontFamily: systemFonts,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  headings: { fontFamily: systemFonts, fontWeight: "650" },
  defaultRadius: "md",
  radius: { xs: "4px", sm: "6px", md: "10px", lg: "16px", xl: "24px" },
  cursorType: "pointer",
  respectReducedMotion: true,
});
