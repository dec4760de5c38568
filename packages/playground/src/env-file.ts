import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * The environment of this process with what an `.env` file adds. What is set already wins, so that a variable given on
 * the command line beats the file. A missing file adds nothing.
 *
 * @throws {Error} when the file is there and cannot be read.
 */
export function withEnvFile(file: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { ...env };
    throw new Error(`Reading ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  return { ...parseEnv(text), ...env };
}
