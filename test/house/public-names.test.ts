import { expect, test } from "vitest";
import { passingFaults, publicNames } from "./public-names.js";
import { readSources } from "./source-tree.js";

const published = readSources(["src"]);
const through = "packages/core/src/index.ts";

/** What core does not pass on: everything else of the two is public in `balekit` as well. */
const api = {
  from: "packages/api/src/index.ts",
  specifier: "@balekit/api",
  through,
  kept: {
    RetryOptions: "core has a RetryOptions of its own: how often updates are tried again, not calls",
  },
};
const storage = { from: "packages/storage/src/index.ts", specifier: "@balekit/storage", through, kept: {} };

test("core passes on every public name of api and storage, each by name", () => {
  expect(publicNames(api.from, published).size).toBeGreaterThan(200);
  expect(publicNames(storage.from, published).size).toBeGreaterThan(30);
  expect([...passingFaults(published, api), ...passingFaults(published, storage)]).toEqual([]);
});

const invented = new Map([
  [
    "packages/api/src/index.ts",
    [
      'export { a, type B } from "./a.js";',
      'export type { C as D } from "./a.js";',
      'export * from "./generated/e.js";',
    ].join("\n"),
  ],
  [
    "packages/api/src/generated/e.ts",
    "export const E = 1;\nexport interface F {}\nexport type G = F;\nexport class H {}\nconst hidden = 1;",
  ],
]);

test("public names are found with what they stand for, behind stars of the same package as well", () => {
  expect([...publicNames(api.from, invented)]).toEqual([
    ["a", "value"],
    ["B", "type"],
    ["D", "type"],
    ["E", "value"],
    ["F", "type"],
    ["G", "type"],
    ["H", "value"],
  ]);
});

test("a star, a name left out, a value passed on as a type and reasons out of date are found", () => {
  const core = [
    'export * from "@balekit/api";',
    'export { a, E } from "@balekit/api";',
    'export type { D, F, H } from "@balekit/api";',
    'export type { B } from "./b.js";',
  ].join("\n");
  const tree = new Map([...invented, [through, core]]);
  const kept = { G: "a reason", F: "none any more", Z: "gone" };
  expect(passingFaults(tree, { ...api, kept })).toEqual([
    `${through} passes on everything of @balekit/api`,
    `${through} does not pass on B of @balekit/api, and nothing says why`,
    "F of @balekit/api is passed on: the reason why not is out of date",
    `${through} passes H on as a type`,
    "@balekit/api has no Z: the reason why not is out of date",
  ]);
});
