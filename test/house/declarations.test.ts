import { expect, test } from "vitest";
import { anyFaults, topLevelAwaits } from "./declarations.js";
import { readSources } from "./source-tree.js";

const published = readSources(["src"]);

test("no published declaration says any", () => {
  expect(anyFaults(published)).toEqual([]);
});

test("no published file awaits at its top", () => {
  expect(topLevelAwaits(published)).toEqual([]);
});

test("any is found in a parameter, a default and a type argument; not in a comment, a string or a body", () => {
  const faults = anyFaults(
    new Map([
      [
        "packages/api/src/a.ts",
        [
          "/** any */",
          "export function a(x: any): void {}",
          "export interface B<T = any> { readonly any: T }",
          "export type C = Map<string, any>;",
          'export type D = "any";',
          "export function e(): void { const x: any = 1; void x; }",
          "const hidden: any = 1;",
        ].join("\n"),
      ],
    ]),
  );
  expect(faults).toHaveLength(3);
});

test("an export that leaves its type to be inferred is found", () => {
  const faults = anyFaults(new Map([["packages/api/src/a.ts", "export const a = JSON.parse(String(1));"]]));
  expect(faults.join("\n")).toContain("--isolatedDeclarations");
});

test("a top-level await is found in every form; one inside a function is not", () => {
  const faults = topLevelAwaits(
    new Map([
      [
        "packages/api/src/a.ts",
        [
          "const a = await import('x');",
          "for await (const b of a) void b;",
          "{ if (a) await a; }",
          "export async function c(): Promise<void> { await a; for await (const d of a) void d; }",
          "export const e = async (): Promise<void> => { await a; };",
          "class F { async g(): Promise<void> { await a; } }",
        ].join("\n"),
      ],
    ]),
  );
  expect(faults).toHaveLength(3);
});
