import { readFile, stat } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/** `import … from "./x"`, `export … from "./x"`, `import "./x"`, `import("./x")`, `require("./x")`. */
const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(?\s*|\brequire\s*\(\s*)(["'])(\.{1,2}\/[^"'\n]+)\1/g;

/** What a specifier may stand for on disk: TypeScript writes `./x.js` for `./x.ts`, and bundler habits drop the ending. */
const SPELLINGS: ReadonlyArray<readonly [ending: RegExp, replacements: readonly string[]]> = [
  [/\.js$/, [".ts", ".tsx", ".js"]],
  [/\.mjs$/, [".mts", ".mjs"]],
  [/\.cjs$/, [".cts", ".cjs"]],
  [/\.jsx$/, [".tsx", ".jsx"]],
  [/$/, ["", ".ts", ".mts", ".js", ".mjs", ".json", "/index.ts", "/index.js"]],
];

/**
 * Finds the files a bot is made of: its own file and what it imports by a relative path, and so on down.
 *
 * It reads the text and does not run it, so a file with a syntax error keeps being watched. A bot that builds a path at
 * run time hides that file from it.
 *
 * @returns absolute paths, the bot's own first.
 */
export async function importGraph(file: string): Promise<string[]> {
  const found = new Set<string>([resolve(file)]);
  // A Set iterates over what is added while it is walked: this visits every file once.
  for (const path of found) {
    const text = await readFile(path, "utf8").catch(() => "");
    for (const match of text.matchAll(SPECIFIER)) {
      const target = await onDisk(resolve(dirname(path), match[2] ?? ""));
      if (target !== undefined) found.add(target);
    }
  }
  return [...found];
}

async function onDisk(path: string): Promise<string | undefined> {
  for (const [ending, replacements] of SPELLINGS) {
    if (!ending.test(path)) continue;
    for (const replacement of replacements) {
      const candidate = path.replace(ending, replacement);
      const entry = await stat(candidate).catch(() => undefined);
      if (entry?.isFile()) return candidate;
    }
  }
  return undefined;
}
