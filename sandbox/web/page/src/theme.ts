import { createTheme, useComputedColorScheme } from "@mantine/core";

export const theme = createTheme({
  fontFamily: 'Lato, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif',
  fontFamilyMonospace: 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace',
  defaultRadius: "md",
  primaryColor: "blue",
  primaryShade: { light: 8, dark: 7 },
  respectReducedMotion: true,
});

export function useDark(): boolean {
  return useComputedColorScheme("light") === "dark";
}
