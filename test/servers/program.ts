import { accessSync, constants, readdirSync } from "node:fs";
import { delimiter, join } from "node:path";

/**
 * The path of a program: the one that `variable` names, or the first on the PATH, or the first in `folders`.
 * @throws {Error} that says how to get it, so that a run without the program fails and never passes.
 */
export function locateProgram(
  name: string,
  options: { readonly variable?: string; readonly folders?: readonly string[] } = {},
): string {
  const found = findProgram(name, options);
  if (found !== undefined) return found;
  throw new Error(`Starting a private server: there is no ${name} on the PATH. Run \`npm run setup\`.`);
}

/** As `locateProgram`, without the error. */
export function findProgram(
  name: string,
  { variable = "", folders = [] }: { readonly variable?: string; readonly folders?: readonly string[] } = {},
): string | undefined {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return named;
  return [...(process.env["PATH"] ?? "").split(delimiter), ...folders]
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isRunnable);
}

/** `below/VERSION/inner` for every version that is there, newest first: /usr/lib/postgresql/17/bin before 15. */
export function versionedFolders(below: string, inner: string): readonly string[] {
  try {
    return readdirSync(below)
      .sort((one, other) => Number.parseFloat(other) - Number.parseFloat(one))
      .map((version) => join(below, version, inner));
  } catch {
    return [];
  }
}

function isRunnable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
