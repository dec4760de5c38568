import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { codesIn, pageFaults } from "./error-pages.js";
import { readSources, root } from "./source-tree.js";

const folder = join(root, "docs/errors");

test("every error code has a page, and every page a code", () => {
  const pages = new Map(
    readdirSync(folder)
      .filter((name) => name.startsWith("ERR_"))
      .map((name) => [name.replace(/\.md$/, ""), readFileSync(join(folder, name), "utf8")]),
  );
  expect(pageFaults(codesIn(readSources()), pages)).toEqual([]);
});

test("codes are found as values and as types, not in comments", () => {
  const tree = new Map([
    [
      "packages/api/src/a.ts",
      'type Code = "ERR_BALE_ONE"; throw misuse("ERR_BALE_TWO", `x`); // ERR_BALE_THREE',
    ],
  ]);
  expect([...codesIn(tree).keys()]).toEqual(["ERR_BALE_ONE", "ERR_BALE_TWO"]);
});

test("a missing page, a page too many and an empty page are found", () => {
  const faults = pageFaults(
    new Map([
      ["ERR_BALE_ONE", "a.ts:1"],
      ["ERR_BALE_TWO", "a.ts:2"],
    ]),
    new Map([
      ["ERR_BALE_TWO", "# ERR_BALE_TWO\n\nWhat.\n"],
      ["ERR_BALE_THREE", "# Three\n\nWhat happened.\n\nWhat to do.\n"],
    ]),
  );
  expect(faults).toEqual([
    "ERR_BALE_ONE (a.ts:1) has no page in docs/errors",
    "docs/errors/ERR_BALE_TWO.md says too little",
    "docs/errors/ERR_BALE_THREE.md is the page of no error",
    "docs/errors/ERR_BALE_THREE.md does not begin with its code",
  ]);
});
