// Bundles the page into one script and one style sheet: `node build.mjs FOLDER`.
import { copyFile, mkdir } from "node:fs/promises";
import { build } from "esbuild";

const folder = process.argv[2] ?? "dist";

await mkdir(folder, { recursive: true });
await build({
  entryPoints: { page: "src/main.tsx" },
  outdir: folder,
  bundle: true,
  format: "esm",
  target: "es2022",
  minify: true,
  sourcemap: false,
  jsx: "automatic",
  legalComments: "none",
  define: { "process.env.NODE_ENV": '"production"' },
  logLevel: "warning",
});
await copyFile("src/index.html", `${folder}/index.html`);
await copyFile("src/icon.svg", `${folder}/icon.svg`);
