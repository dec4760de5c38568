import { readFileSync } from "node:fs";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { bigApp, CARET } from "./big-app.js";
import { type ProgramFolder, programFolder } from "./program-folder.js";

const BUDGET_MS = 300;
const SAMPLES = 40;
/** Other work on the machine only ever adds time: the best of a few rounds is the nearest to the truth. */
const ROUNDS = 3;

const app = bigApp({ plugins: 10, handlers: 300, patterns: 50 });
let folder: ProgramFolder;
let editor: Editor;

beforeAll(() => {
  folder = programFolder();
  editor = openEditor(folder.write("app.ts", app));
});
afterAll(() => folder.remove());

test("`ctx.` in a handler offers what its query narrowed and what the plugins added", () => {
  const names = editor.typeCtx(1); // the second handler: message:text
  expect(names).toEqual(expect.arrayContaining(["text", "message", "chatId", "reply", "shop0", "shop9"]));
});

test(`\`ctx.\` in a file of 300 handlers is completed within ${BUDGET_MS} ms (p95), after every edit anew`, () => {
  for (let warm = 0; warm < 5; warm += 1) editor.typeCtx(warm * 50);
  const rounds: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const times: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      const began = performance.now();
      const used = process.cpuUsage();
      const names = editor.typeCtx((sample * 37 + round) % 300);
      const { user, system } = process.cpuUsage(used);
      // On an idle machine both say the same; on a busy one the second leaves out the waiting for a core.
      times.push(Math.min(performance.now() - began, (user + system) / 1000));
      expect(names).toContain("reply");
    }
    times.sort((a, b) => a - b);
    const p95 = times[Math.ceil(SAMPLES * 0.95) - 1] ?? Number.POSITIVE_INFINITY;
    rounds.push(p95);
    if (p95 < BUDGET_MS) break;
  }
  console.log(`completion of ctx.: p95 ${rounds.map((p95) => `${p95.toFixed(0)} ms`).join(", ")}`);
  expect(Math.min(...rounds)).toBeLessThan(BUDGET_MS);
});

interface Editor {
  /** Types `ctx.` into the handler of this number, as a person would, and gives the names that are offered. */
  typeCtx(handler: number): readonly string[];
}

/** A language service over one open file, as an editor holds it. */
function openEditor(path: string): Editor {
  let text = app;
  let version = 0;
  const options: ts.CompilerOptions = {
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: [],
  };
  const service = ts.createLanguageService({
    getScriptFileNames: () => [path],
    getScriptVersion: (name) => (name === path ? String(version) : "0"),
    getScriptSnapshot: (name) => {
      if (name === path) return ts.ScriptSnapshot.fromString(text);
      return ts.sys.fileExists(name) ? ts.ScriptSnapshot.fromString(readFileSync(name, "utf8")) : undefined;
    },
    getCurrentDirectory: () => folder.path,
    getCompilationSettings: () => options,
    getDefaultLibFileName: (settings) => ts.getDefaultLibFilePath(settings),
    fileExists: (name) => ts.sys.fileExists(name),
    readFile: (name) => ts.sys.readFile(name),
    readDirectory: (...args) => ts.sys.readDirectory(...args),
    directoryExists: (name) => ts.sys.directoryExists(name),
    getDirectories: (name) => ts.sys.getDirectories(name),
    realpath: (name) => ts.sys.realpath?.(name) ?? name,
  });
  return {
    typeCtx(handler) {
      let at = -1;
      for (let n = 0; n <= handler; n += 1) at = app.indexOf(CARET, at + 1);
      text = `${app.slice(0, at)}ctx.${app.slice(at + CARET.length)}`;
      version += 1;
      const completions = service.getCompletionsAtPosition(path, at + "ctx.".length, {});
      return completions?.entries.map((entry) => entry.name) ?? [];
    },
  };
}
