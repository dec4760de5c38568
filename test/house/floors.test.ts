import { expect, test } from "vitest";
import { fileCircles, floorFaults, packageCircles } from "./floors.js";
import { manifest, packageFolders, readSources } from "./source-tree.js";

const sources = readSources();
const names = new Map(packageFolders().map((folder) => [manifest(folder).name, folder]));
const invented = (files: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(files));

test("every package is read", () => {
  for (const folder of packageFolders())
    expect([...sources.keys()].some((path) => path.startsWith(`packages/${folder}/src/`))).toBe(true);
});

test("imports run downwards only", () => {
  expect(floorFaults(sources, names)).toEqual([]);
});

test("no package imports another in a circle", () => {
  expect(packageCircles(sources, names)).toEqual([]);
});

test("no file imports another in a circle, types included", () => {
  expect(fileCircles(sources)).toEqual([]);
});

test("an import upwards is found, also as a type and as import()", () => {
  const faults = floorFaults(
    invented({
      "packages/api/src/a.ts": 'import type { Bot } from "balekit";',
      "packages/storage/src/b.ts": 'export type X = import("balekit").Bot; void import("@balekit/emulator");',
      "packages/core/src/c.ts": 'export { createApi } from "@balekit/api";',
    }),
    names,
  );
  expect(faults).toHaveLength(3);
  expect(faults[0]).toContain("packages/api/src/a.ts imports upwards");
});

test("an import sideways is found: api and storage, two plugins, and a path out of the package", () => {
  const plugins = new Map([...names, ["@balekit/session", "session"], ["@balekit/menu", "menu"]]);
  const faults = floorFaults(
    invented({
      "packages/api/src/a.ts": 'import { memory } from "@balekit/storage";',
      "packages/menu/src/menu.ts": 'import { session } from "@balekit/session";',
      "packages/emulator/src/e.ts": 'import { Bot } from "../../core/src/bot.js";',
    }),
    plugins,
  );
  expect(faults.map((fault) => fault.includes("sideways"))).toEqual([true, true, true]);
});

test("a circle of packages is found", () => {
  const tree = invented({
    "packages/api/src/a.ts": 'import "balekit";',
    "packages/core/src/c.ts": 'import "@balekit/api";',
  });
  expect(packageCircles(tree, names)).toEqual(["api ↔ core"]);
});

test("a circle of files is found, also when only types close it", () => {
  const tree = invented({
    "packages/api/src/a.ts": 'import type { B } from "./b.js";',
    "packages/api/src/b.ts": 'export * from "./c.js";',
    "packages/api/src/c.ts": 'import { a } from "./a.js";',
    "packages/api/src/d.ts": 'import { a } from "./a.js";',
  });
  expect(fileCircles(tree)).toEqual([
    "packages/api/src/a.ts ↔ packages/api/src/b.ts ↔ packages/api/src/c.ts",
  ]);
});
