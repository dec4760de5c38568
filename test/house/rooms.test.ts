import { expect, test } from "vitest";
import {
  LONGEST_FILE,
  LONG_FILE,
  indexFaults,
  indexImports,
  longFiles,
  roomFaults,
  undocumentedExports,
} from "./rooms.js";
import { readSources } from "./source-tree.js";

const sources = readSources();
const published = readSources(["src"]);

test("every file and folder is named after a noun, in kebab-case", () => {
  expect(roomFaults(readSources(["src", "ui", "scripts", "test"]).keys())).toEqual([]);
});

test(`no file is longer than ${LONGEST_FILE} lines`, () => {
  console.log(`files over ${LONG_FILE} lines:\n  ${longFiles(sources, LONG_FILE).join("\n  ") || "none"}`);
  expect(longFiles(sources, LONGEST_FILE)).toEqual([]);
});

test("nothing inside a package imports its own index.ts", () => {
  expect(indexImports(sources)).toEqual([]);
});

test("an index.ts only re-exports, by name, with a line for each group", () => {
  const indexes = [...published].filter(([path]) => path.endsWith("/src/index.ts"));
  expect(indexes.length).toBeGreaterThan(3);
  expect(indexes.flatMap(([path, text]) => indexFaults(path, text))).toEqual([]);
});

test("every exported declaration has a doc comment", () => {
  expect([...published].flatMap(([path, text]) => undocumentedExports(path, text))).toEqual([]);
});

test("a room without a noun is found, as a file, as a folder and with a wrong spelling", () => {
  expect(
    roomFaults([
      "packages/api/src/types.ts",
      "packages/api/src/helpers/retry.ts",
      "packages/api/src/inputFile.ts",
      "packages/api/src/generated/types.ts",
      "packages/api/src/input-file.ts",
    ]),
  ).toHaveLength(3);
});

test("a long file is found, a generated one is not", () => {
  const tree = new Map([
    ["packages/api/src/a.ts", "x\n".repeat(401)],
    ["packages/api/src/b.ts", "x\n".repeat(400)],
    ["packages/api/src/generated/types.ts", "x\n".repeat(4000)],
  ]);
  expect(longFiles(tree, 400)).toEqual(["401 packages/api/src/a.ts"]);
});

test("an import of the own index.ts is found", () => {
  const tree = new Map([
    ["packages/api/src/index.ts", ""],
    ["packages/api/src/a.ts", 'import type { B } from "./index.js";'],
    ["packages/api/src/deep/b.ts", 'export { a } from "../index.js";'],
  ]);
  expect(indexImports(tree)).toHaveLength(2);
});

test("an index.ts that does more than re-export is found", () => {
  const faults = indexFaults(
    "packages/api/src/index.ts",
    [
      "/** One group. */",
      'export { a } from "./a.js";',
      'export type { B } from "./b.js";',
      "",
      'export { c } from "./c.js";',
      "/** All of it. */",
      'export * from "./d.js";',
      "/** Generated. */",
      'export type * from "./generated/types.js";',
      "export const x = 1;",
      'import "./side-effect.js";',
    ].join("\n"),
  );
  expect(faults).toEqual([
    "packages/api/src/index.ts:5 begins a group without saying what it is",
    'packages/api/src/index.ts:7 exports everything of "./d.js"; name what is public',
    "packages/api/src/index.ts:10 is no re-export",
    "packages/api/src/index.ts:11 is no re-export",
  ]);
});

test("an export without a doc comment is found; overloads share one", () => {
  const text = [
    "/** Documented. */",
    "export function a(x: string): void;",
    "export function a(x: number): void;",
    "export function a(): void {}",
    "// a plain comment is no doc comment",
    "export const b = 1;",
    "const hidden = 2;",
    "export interface C {}",
  ].join("\n");
  expect(undocumentedExports("packages/api/src/a.ts", text)).toEqual([
    "packages/api/src/a.ts:6 exports b without a doc comment",
    "packages/api/src/a.ts:8 exports C without a doc comment",
  ]);
});
