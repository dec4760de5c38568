import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The packages as npm would publish them: a tarball each, by name. */
export interface Packed {
  readonly tarballs: ReadonlyMap<string, string>;
  /** Every path in a package's tarball. */
  contents(name: string): readonly string[];
  /** A project of its own, elsewhere, with these packages installed from their tarballs, and others from the registry. */
  project(
    kind: "commonjs" | "module",
    names: readonly string[],
    others?: readonly string[],
  ): Promise<Project>;
  remove(): void;
}

/** A stranger's project. */
export interface Project {
  readonly path: string;
  /** How many packages the installation has added. */
  readonly installed: readonly string[];
  write(name: string, text: string): void;
  /** Runs Node there; what it printed, and how it ended. */
  node(...args: readonly string[]): Promise<Outcome>;
  /** Runs the compiler of this repository there. */
  tsc(...args: readonly string[]): Promise<Outcome>;
}

/** How a program ended and what it printed, both streams. */
export interface Outcome {
  readonly status: number;
  readonly output: string;
}

/** Packs every published package of the house. */
export async function pack(): Promise<Packed> {
  const home = mkdtempSync(join(tmpdir(), "balekit-install-"));
  const folders = readdirSync(join(root, "packages")).map((folder) => join(root, "packages", folder));
  for (const folder of folders)
    if (!existsSync(join(folder, "dist/index.js")))
      throw new Error(`Packing ${folder}: it is not built. Run npm run build.`);
  const { stdout } = await run("npm", ["pack", "--json", "--pack-destination", home, ...folders], {
    cwd: home,
    maxBuffer: 64 * 1024 * 1024,
  });
  const list = JSON.parse(stdout) as readonly PackEntry[];
  const tarballs = new Map(list.map(({ name, filename }) => [name, join(home, filename)]));
  const contents = new Map(list.map(({ name, files }) => [name, files.map(({ path }) => path)]));
  return {
    tarballs,
    contents: (name) => contents.get(name) ?? [],
    async project(kind, names, others = []) {
      const path = mkdtempSync(join(home, `${kind}-`));
      writeFileSync(
        join(path, "package.json"),
        JSON.stringify({ name: "stranger", private: true, type: kind }),
      );
      const own = names.map((name) => tarballs.get(name) ?? name);
      await run("npm", ["install", "--prefer-offline", "--no-audit", "--no-fund", ...own, ...others], {
        cwd: path,
      });
      const lock = JSON.parse(readFileSync(join(path, "node_modules/.package-lock.json"), "utf8")) as {
        readonly packages: Readonly<Record<string, unknown>>;
      };
      return openProject(path, Object.keys(lock.packages));
    },
    remove: () => rmSync(home, { recursive: true, force: true }),
  };
}

interface PackEntry {
  readonly name: string;
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

function openProject(path: string, installed: readonly string[]): Project {
  const node = (...args: readonly string[]): Promise<Outcome> =>
    run(process.execPath, args, {
      cwd: path,
      timeout: 60_000,
      env: { ...process.env, NODE_OPTIONS: "" },
    }).then(
      ({ stdout, stderr }) => ({ status: 0, output: stdout + stderr }),
      (error: Error & { readonly code?: number; readonly stdout?: string; readonly stderr?: string }) => ({
        status: error.code ?? 1,
        output: `${error.stdout ?? ""}${error.stderr ?? error.message}`,
      }),
    );
  return {
    path,
    installed,
    write: (name, text) => writeFileSync(join(path, name), text),
    node,
    tsc: (...args) => node(join(root, "node_modules/typescript/bin/tsc"), ...args),
  };
}
