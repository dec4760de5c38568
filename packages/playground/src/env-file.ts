import { readFileSync } from "node:fs";
import { parseEnv } from "node:util";

/**
 * The environment of this process with what an `.env` file adds. What is set already wins, so that a variable given on
 * the command line beats the file. A missing file adds nothing. Files of Windows' editors and of PowerShell are read too:
 * UTF-8 and UTF-16 with the mark by which they begin.
 *
 * @throws {Error} when the file is there and cannot be read, or is no text.
 */
export function withEnvFile(file: string, env: NodeJS.ProcessEnv = process.env): NodeJS.ProcessEnv {
  let bytes: Buffer;
  try {
    bytes = readFileSync(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { ...env };
    throw new Error(`Reading ${file}: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    });
  }
  const text = new TextDecoder(encodingOf(bytes)).decode(bytes);
  if (text.includes("\0")) throw new Error(`Reading ${file}: it is no text. Save it as UTF-8.`);
  return { ...parseEnv(text), ...env };
}

function encodingOf(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return "utf-16le";
  return bytes[0] === 0xfe && bytes[1] === 0xff ? "utf-16be" : "utf-8";
}
