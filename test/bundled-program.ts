import { createRequire } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

/**
 * Bundles a program of ours into one file, so that many processes of it are there in a moment. What is not ours stays
 * outside and is found from where the program lies.
 */
export async function bundleProgram(program: URL, outfile: string): Promise<void> {
  const entry = fileURLToPath(program);
  const { resolve } = createRequire(program);
  await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    conditions: ["@balekit/source"],
    logLevel: "error",
    plugins: [
      {
        name: "others stay outside",
        setup(builder) {
          builder.onResolve({ filter: /^[^./]/ }, ({ path, kind }) => {
            const isOurs = path === "balekit" || path.startsWith("balekit/") || path.startsWith("@balekit/");
            if (kind === "entry-point" || isOurs || path.startsWith("node:")) return undefined;
            return { path: pathToFileURL(resolve(path)).href, external: true };
          });
        },
      },
    ],
  });
}
