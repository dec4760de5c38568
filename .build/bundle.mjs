// node ../../.build/bundle.mjs src/index.ts … [--take-in=name,name]   in a package's folder, after tsc has written its
// declarations to dist
//
// Joins what each entry loads into one module, because Node takes about a millisecond for every file it opens: a package
// of fifty modules would cost a bot's start a twentieth of a second. What is imported dynamically stays in files of
// its own, loaded when it is needed; what the package depends on stays outside, but for the small packages to take in:
// finding and reading one of those costs Node more than all it holds. Their licences stand in THIRD-PARTY.md.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";

const takeIn = /^--take-in=(.+)$/;
const entryPoints = process.argv.slice(2).filter((word) => !takeIn.test(word));
const takenIn = process.argv.slice(2).flatMap((word) => takeIn.exec(word)?.[1].split(",") ?? []);
if (entryPoints.length === 0) {
  console.error("Bundling: no entry is named. Name each, like src/index.ts.");
  process.exit(2);
}

for (const name of takenIn) {
  if (!readFileSync("THIRD-PARTY.md", "utf8").includes(`\`${name}\``)) {
    console.error(
      `Bundling: ${name} is taken in, but THIRD-PARTY.md does not name it. Write its licence there.`,
    );
    process.exit(2);
  }
}
/** Leaves every package outside but those that are taken in. */
const outside = {
  name: "outside",
  setup(bundle) {
    bundle.onResolve({ filter: /^[^./]/ }, ({ path, kind }) =>
      kind === "entry-point" || takenIn.includes(path) ? undefined : { path, external: true },
    );
  },
};

const outdir = "dist";
const { metafile } = await build({
  entryPoints,
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target: "node20.19",
  plugins: [outside],
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
