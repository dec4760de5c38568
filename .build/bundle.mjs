// node ../../.build/bundle.mjs src/index.ts … [--take-in=name,name]   in a package's folder, after tsc has written its
// declarations to dist
//
// Makes what Node loads of a package: few files, because Node takes about a millisecond to open one, and small ones,
// because it reads a program by the letter before it runs any of it. Comments and indentation stay in the sources,
// which are published beside it and which the source maps name. docs/design/quick-start.md has the figures.
//
// The first entry is the one every program loads: all it needs becomes one file, and what the other entries need as well
// a second one. What is imported dynamically stays in files of its own, loaded when it is needed; what the package
// depends on stays outside, but for the small packages to take in: finding and reading one of those costs Node more than
// all it holds. Their licences stand in THIRD-PARTY.md.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { build, transform } from "esbuild";

const takeIn = /^--take-in=(.+)$/;
const [main, ...others] = process.argv.slice(2).filter((word) => !takeIn.test(word));
const takenIn = process.argv.slice(2).flatMap((word) => takeIn.exec(word)?.[1].split(",") ?? []);
if (main === undefined) refuse("no entry is named. Name each, like src/index.ts.");
for (const name of takenIn) {
  if (!readFileSync("THIRD-PARTY.md", "utf8").includes(`\`${name}\``)) {
    refuse(`${name} is taken in, but THIRD-PARTY.md does not name it. Write its licence there.`);
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

/**
 * Takes the comments out of our modules: they are half as long as the program, and one letter beyond Latin in them would
 * make V8 keep the whole bundle in two bytes a letter.
 */
const withoutComments = {
  name: "without-comments",
  setup(bundle) {
    bundle.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
      const { code } = await transform(readFileSync(path, "utf8"), {
        loader: "ts",
        target,
        tsconfigRaw: readFileSync("../../tsconfig.json", "utf8"),
        minifyWhitespace: true,
        charset: "utf8",
        sourcemap: "inline",
        sourcefile: basename(path),
      });
      return { contents: code, loader: "js" };
    });
  },
};

/**
 * Lets a package that is taken in make its expressions with Unicode properties when it first needs them: the first one in
 * a program costs V8 a millisecond, at the start if it stands at the top of a module.
 */
const lateExpressions = {
  name: "late-expressions",
  setup(bundle) {
    bundle.onLoad({ filter: /[\\/]node_modules[\\/].*\.js$/ }, ({ path }) => ({
      contents: readFileSync(path, "utf8").replace(
        /^const (\w+) = \/(.*\\p\{.*)\/u;$/gm,
        (_, name, source) =>
          `let $${name}; const ${name} = { test: (text) => ($${name} ??= new RegExp(${JSON.stringify(source)}, "u")).test(text) };`,
      ),
    }));
  },
};

/** Leaves what is shared in the file that holds it. */
const fromShared = {
  name: "from-shared",
  setup(bundle) {
    bundle.onResolve({ filter: /^\./ }, ({ path, resolveDir, kind }) => {
      const source = relative(".", join(resolveDir, path.replace(/\.js$/, ".ts"))).replaceAll("\\", "/");
      return kind !== "entry-point" && shared.has(source)
        ? { path: "./shared.js", external: true }
        : undefined;
    });
  },
};

const outdir = "dist";
const target = "node20.19";
const settings = {
  outdir,
  bundle: true,
  splitting: true,
  format: "esm",
  platform: "node",
  target,
  plugins: [outside, withoutComments, lateExpressions],
  // The sources are published beside the bundle, so the map need not repeat them.
  sourcemap: true,
  sourcesContent: false,
  chunkNames: "[name]-[hash]",
  charset: "ascii",
  metafile: true,
  logLevel: "warning",
};

const made = new Set();
const shared = await modulesOfBoth();
if (shared.size > 0) await write(["shared"], sharedEntry(await exportsOf(shared)));
await write([main], fromShared);
if (others.length > 0) await write(others, fromShared);

// What an earlier build left: chunks whose names have changed, modules that are part of a bundle now.
for (const name of readdirSync(outdir, { recursive: true })) {
  const path = join(outdir, name).replaceAll("\\", "/");
  if (/\.js(?:\.map)?$/.test(name) && !made.has(path)) rmSync(path);
}

async function write(entryPoints, plugin) {
  const plugins = [plugin, ...settings.plugins];
  const { metafile } = await build({ ...settings, entryPoints, plugins });
  for (const path of Object.keys(metafile.outputs)) made.add(path);
}

/** The paths of the modules that the main entry needs and another one too. What these import is among them. */
async function modulesOfBoth() {
  if (others.length === 0) return new Set();
  const [ofMain, ofOthers] = await Promise.all([modulesOf([main]), modulesOf(others)]);
  return new Set([...ofMain].filter((path) => ofOthers.has(path)));
}

async function modulesOf(entryPoints) {
  const { metafile } = await build({ ...settings, entryPoints, write: false });
  return new Set(Object.values(metafile.outputs).flatMap(({ inputs }) => Object.keys(inputs)));
}

/** What each module exports, by its path. */
async function exportsOf(modules) {
  const { metafile } = await build({ ...settings, entryPoints: [...modules], write: false });
  const outputs = Object.values(metafile.outputs).filter(({ entryPoint }) => modules.has(entryPoint));
  return new Map(outputs.map(({ entryPoint, exports }) => [entryPoint, exports]));
}

/** Makes the module that holds what is shared, and refuses names that two of its modules export. */
function sharedEntry(exports) {
  const names = [...exports.values()].flat();
  const twice = names.find((name, at) => names.indexOf(name) !== at);
  if (twice !== undefined) {
    const paths = [...exports].filter(([, list]) => list.includes(twice)).map(([path]) => path);
    refuse(`${paths.join(" and ")} both export ${twice}, and both are shared by entries. Rename one.`);
  }
  const lines = [...exports].map(([path, list]) => `export { ${list.join(", ")} } from "./${path}";`);
  return {
    name: "shared-entry",
    setup(bundle) {
      bundle.onResolve({ filter: /^shared$/ }, ({ path }) => ({ path, namespace: "shared" }));
      bundle.onLoad({ filter: /./, namespace: "shared" }, () => ({
        contents: lines.join("\n"),
        resolveDir: ".",
      }));
    },
  };
}

function refuse(message) {
  console.error(`Bundling: ${message}`);
  process.exit(2);
}
