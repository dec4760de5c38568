import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { faultsOf } from "./check-spec.js";
import { printLimits } from "./print-limits.js";
import { printMethodTable } from "./print-method-table.js";
import { printMethods } from "./print-methods.js";
import { printQueries } from "./print-queries.js";
import { printMethodReference, printQueryReference, printTypeReference } from "./print-reference.js";
import { printTypes } from "./print-types.js";
import { readSpec, type Spec } from "./spec.js";

/** The folder of this package: the names of generated files begin here. */
const PACKAGE = new URL("../", import.meta.url);

/**
 * Every generated file by its path from the package's folder: the code, and the pages of the reference. The same
 * spec gives the same bytes.
 * @throws Error that lists what is wrong with the spec.
 */
export function generate(spec: Spec): ReadonlyMap<string, string> {
  const faults = faultsOf(spec);
  if (faults.length > 0) {
    throw new Error(
      `Generating from spec/bale-api.json: ${faults.length} faults in it. Mend:\n${faults.join("\n")}`,
    );
  }
  return new Map([
    ["src/generated/types.ts", printTypes(spec)],
    ["src/generated/methods.ts", printMethods(spec)],
    ["src/generated/method-table.ts", printMethodTable(spec)],
    ["src/generated/queries.ts", printQueries(spec)],
    ["src/generated/limits.ts", printLimits(spec)],
    ["../../docs/reference/methods.md", printMethodReference(spec)],
    ["../../docs/reference/types.md", printTypeReference(spec)],
    ["../../docs/reference/queries.md", printQueryReference(spec)],
  ]);
}

/** The paths of the files that are missing below `folder`, or differ from what the spec gives now. */
export function staleFiles(files: ReadonlyMap<string, string>, folder: URL = PACKAGE): string[] {
  return [...files].filter(([path, text]) => read(new URL(path, folder)) !== text).map(([path]) => path);
}

function read(file: URL): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function main(check: boolean): void {
  const files = generate(readSpec());
  const stale = staleFiles(files);
  const names = stale.map((path) => path.replace("../../", "")).join(", ");
  if (check) {
    if (stale.length === 0) return;
    console.error(
      `Checking what is generated from spec/bale-api.json: ${names} ${stale.length === 1 ? "is" : "are"} stale. Run: npm run generate`,
    );
    process.exitCode = 1;
    return;
  }
  for (const path of stale) {
    const file = new URL(path, PACKAGE);
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, files.get(path) ?? "");
  }
  console.log(stale.length === 0 ? "Everything was fresh." : `Wrote ${names}.`);
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.includes("--check"));
}
