import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";
import { faultsOf } from "./check-spec.js";
import { printLimits } from "./print-limits.js";
import { printMethodTable } from "./print-method-table.js";
import { printMethods } from "./print-methods.js";
import { printQueries } from "./print-queries.js";
import { printTypes } from "./print-types.js";
import { readSpec, type Spec } from "./spec.js";

const OUTPUT = new URL("../src/generated/", import.meta.url);

/**
 * Every generated file of `src/generated`, by name. The same spec gives the same bytes.
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
    ["types.ts", printTypes(spec)],
    ["methods.ts", printMethods(spec)],
    ["method-table.ts", printMethodTable(spec)],
    ["queries.ts", printQueries(spec)],
    ["limits.ts", printLimits(spec)],
  ]);
}

/** The names of the files in `directory` that are missing or differ from what the spec gives now. */
export function staleFiles(files: ReadonlyMap<string, string>, directory: URL = OUTPUT): string[] {
  return [...files].filter(([name, text]) => read(new URL(name, directory)) !== text).map(([name]) => name);
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
  if (check) {
    if (stale.length === 0) return;
    console.error(
      `Checking src/generated of @balekit/api: ${stale.join(", ")} ${stale.length === 1 ? "is" : "are"} not what spec/bale-api.json gives. Run: npm run generate`,
    );
    process.exitCode = 1;
    return;
  }
  mkdirSync(OUTPUT, { recursive: true });
  for (const name of stale) writeFileSync(new URL(name, OUTPUT), files.get(name) ?? "");
  console.log(
    `${fileURLToPath(OUTPUT)}: ${stale.length === 0 ? "nothing changed" : `wrote ${stale.join(", ")}`}`,
  );
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  main(process.argv.includes("--check"));
}
