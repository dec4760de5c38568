import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./source-tree.js";

/** Where each rule of the house is broken once, and, in the second half, kept. */
const PROGRAM = [
  'import { Bot, session } from "./bot.js";',
  'const bot = new Bot("1:x");',
  "bot.extend(session());",
  'bot.use(() => {}).derive("user", () => 1);',
  "work();",
  "bot.api;",
  "bot.on('message', async () => { await work(); });",
  "async function work(): Promise<void> {}",
  "",
  "export const wider = new Bot('1:x').extend(session());",
  'wider.derive("user", () => 1).on("message", () => {});',
  "await work();",
  "void wider.api;",
].join("\n");

const BOT = [
  "export class Bot {",
  "  readonly api = 1;",
  "  constructor(_token: string) {}",
  "  use(_middleware: () => void): this { return this; }",
  "  extend(_plugin: unknown): this { return this; }",
  "  derive(_name: string, _make: () => unknown): this { return this; }",
  "  on(_query: string, _handler: () => void): this { return this; }",
  "}",
  "export const session = (): unknown => ({});",
].join("\n");

let folder: string;
let found: readonly string[];

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "balekit-lint-"));
  writeFileSync(join(folder, "program.ts"), PROGRAM);
  writeFileSync(join(folder, "bot.ts"), BOT);
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(
    join(folder, "tsconfig.json"),
    JSON.stringify({
      compilerOptions: { module: "NodeNext", target: "ES2022", strict: true },
      include: ["*.ts"],
    }),
  );
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [join(root, "node_modules/oxlint/bin/oxlint"), "-c", join(root, ".oxlintrc.json"), "-f", "json", "."],
    { cwd: folder, encoding: "utf8" },
  );
  const report = JSON.parse(stdout || `{"error": ${JSON.stringify(stderr)}}`) as {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly filename: string;
      readonly labels: readonly { readonly span: { readonly line: number } }[];
    }[];
  };
  found = report.diagnostics
    .filter(({ filename }) => filename.endsWith("program.ts"))
    .map(({ code, labels }) => `${labels[0]?.span.line} ${code}`)
    .sort();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a dropped extend and a dropped derive are found", () => {
  expect(found).toEqual(
    expect.arrayContaining(["3 balekit(no-dropped-extend)", "4 balekit(no-dropped-extend)"]),
  );
});

test("a promise that nobody awaits, a promise where none is expected and an expression without effect are found", () => {
  expect(found).toEqual(
    expect.arrayContaining([
      "5 typescript(no-floating-promises)",
      "6 eslint(no-unused-expressions)",
      "7 typescript(no-misused-promises)",
    ]),
  );
});

test("the same things done right are not", () => {
  expect(found.filter((fault) => Number.parseInt(fault, 10) > 8)).toEqual([]);
});
