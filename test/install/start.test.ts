import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const packages = fileURLToPath(new URL("../../packages", import.meta.url));
const folders: Readonly<Record<string, string>> = { "@balekit/api": "api", "@balekit/storage": "storage" };

/** The built files an import of balekit opens, with their text, and what else they import. */
function readAtStart(): { readonly files: ReadonlyMap<string, string>; readonly others: readonly string[] } {
  const files = new Map<string, string>();
  const others: string[] = [];
  const visit = (path: string): void => {
    if (files.has(path)) return;
    if (!existsSync(path)) throw new Error(`Reading ${path}: it is not built. Run npm run build.`);
    const text = readFileSync(path, "utf8");
    files.set(path, text);
    for (const [, name = ""] of text.matchAll(/^(?:import|export)\b[^;'"]*"([^"]+)";$/gm)) {
      const folder = folders[name];
      if (folder !== undefined) visit(join(packages, folder, "dist/index.js"));
      else if (name.startsWith(".")) visit(join(dirname(path), name));
      else others.push(name);
    }
  };
  visit(join(packages, "core/dist/index.js"));
  return { files, others };
}

test("importing balekit opens five files at most, and imports nothing but them", () => {
  const { files, others } = readAtStart();
  expect(files.size).toBeGreaterThanOrEqual(3);
  expect(files.size).toBeLessThanOrEqual(5);
  expect(others).toEqual([]);
});

test("what is read at a start has one byte a letter, and no expression whose properties V8 would look up", () => {
  for (const [path, text] of readAtStart().files) {
    expect([...text].filter((letter) => letter > "\u00ff").map((letter) => `${path}: ${letter}`)).toEqual([]);
    // A literal: in a text, for `new RegExp`, its backslash is doubled.
    expect(text.match(/(?<!\\)\\p\{.*/g)?.map((found) => `${path}: ${found}`) ?? []).toEqual([]);
  }
});

test("a bot needs no module of Node's beyond those any file needs, but for channels and signals", async () => {
  const [anyFile, balekit] = ["storage", "core"].map((folder) =>
    JSON.stringify(pathToFileURL(join(packages, folder, "dist/index.js")).href),
  );
  const program = `
    await import(${anyFile});
    const before = new Set(process.moduleLoadList);
    const { Bot } = await import(${balekit});
    new Bot("1000:abcdefgh").command("start", () => {});
    const all = process.moduleLoadList;
    console.log(JSON.stringify({ all, added: all.filter((name) => !before.has(name)) }));`;
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "-e", program]);
  const { all, added } = JSON.parse(stdout) as { readonly all: string[]; readonly added: string[] };
  // Later Nodes have it by then.
  expect(all).toContain("NativeModule diagnostics_channel");
  expect(
    added.filter((name) => !/^NativeModule (?:diagnostics_channel|internal\/abort_controller)$/.test(name)),
  ).toEqual([]);
});
