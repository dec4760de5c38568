// node ../../.build/bundle.mjs src/index.ts …   in a package's folder, after tsc has written its declarations to dist
//
// Joins what each entry loads into one module, because Node takes about a millisecond for every file it opens: a package
// of fifty modules would cost a bot's start a twentieth of a second. What is imported dynamically stays in files of
// its own, loaded when it is needed; what the package depends on stays outside.
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const entryPoints = process.argv.slice(2);
if (entryPoints.length === 0) {
  console.error("Bundling: no entry is named. Name each, like src/index.ts.");
  process.exit(2);
}

const outdir = "dist";
const { metafile } = await build({
  entryPoints,
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  packages: "external",
  // The sources are published beside the bundle, so the map need not repeat them.
  sourcemap: true,
  sourcesContent: false,
  chunkNames: "[name]-[hash]",
  charset: "utf8",
  metafile: true,
  logLevel: "warning",
});

// What an earlier build left: chunks whose names have changed, modules that are part of a bundle now.
const made = new Set(Object.keys(metafile.outputs));
for (const name of readdirSync(outdir, { recursive: true })) {
  const path = join(outdir, name).replaceAll("\\", "/");
  if (/\.js(?:\.map)?$/.test(name) && !made.has(path)) rmSync(path);
}
