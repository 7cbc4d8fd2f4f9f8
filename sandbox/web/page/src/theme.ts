import { createTheme, type MantineColorsTuple, useComputedColorScheme } from "@mantine/core";

/** One colour in all of the kit's shades: white stands out on each, and hovering changes nothing that one reads. */
function shades(colour: string): MantineColorsTuple {
  return Array(10).fill(colour) as unknown as MantineColorsTuple;
}

export const theme = createTheme({
  fontFamily: 'Lato, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: "md",
  colors: { ok: shades("#0b6b4f"), bad: shades("#b3261e"), busy: shades("#1264a3") },
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 7 },
  respectReducedMotion: true,
});

export function useDark(): boolean {
  return useComputedColorScheme("light") === "dark";
}
