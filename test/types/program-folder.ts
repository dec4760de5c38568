import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** A folder of its own in which a user's program is compiled against the packages' declarations, as published. */
export interface ProgramFolder {
  readonly path: string;
  write(name: string, text: string): string;
  /** Compiles one file by `tsc --extendedDiagnostics` and reads its figures; throws what the compiler complains of. */
  compile(name: string): Promise<Figures>;
  remove(): void;
}

/** What the compiler says of one compilation. */
export interface Figures {
  readonly instantiations: number;
  readonly types: number;
  readonly checkSeconds: number;
}

/** Strict, as `npm init` of a careful person has it; the same for every program that is compared. */
const OPTIONS = {
  target: "ES2022",
  module: "NodeNext",
  moduleResolution: "NodeNext",
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  skipLibCheck: true,
  noEmit: true,
  types: [],
};

/** Makes such a folder; the packages are found as an installed app finds them. */
export function programFolder(): ProgramFolder {
  const path = mkdtempSync(join(tmpdir(), "balekit-types-"));
  symlinkSync(join(root, "node_modules"), join(path, "node_modules"), "dir");
  writeFileSync(join(path, "package.json"), JSON.stringify({ type: "module" }));
  const write = (name: string, text: string): string => {
    writeFileSync(join(path, name), text);
    return join(path, name);
  };
  return {
    path,
    write,
    async compile(name) {
      const project = write(
        `tsconfig.${name}.json`,
        JSON.stringify({ compilerOptions: OPTIONS, files: [name] }),
      );
      const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
      const run = promisify(execFile);
      const { stdout } = await run(process.execPath, [tsc, "-p", project, "--extendedDiagnostics"], {
        cwd: path,
        maxBuffer: 64 * 1024 * 1024,
      }).catch((error: Error & { readonly stdout?: string }) => {
        throw new Error(
          `Compiling ${name}: tsc refuses it.\n${(error.stdout ?? error.message).slice(0, 4000)}`,
        );
      });
      return {
        instantiations: figure(stdout, "Instantiations"),
        types: figure(stdout, "Types"),
        checkSeconds: figure(stdout, "Check time"),
      };
    },
    remove: () => rmSync(path, { recursive: true, force: true }),
  };
}

function figure(output: string, label: string): number {
  const found = new RegExp(`^${label}:\\s+([\\d.]+)`, "m").exec(output)?.[1];
  if (found === undefined) throw new Error(`Reading tsc's figures: it printed no "${label}".\n${output}`);
  return Number(found);
}
