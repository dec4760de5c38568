import { mkdir, mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { expect, it } from "vitest";
import { importGraph } from "../src/import-graph.js";

async function tree(files: Record<string, string>): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), "graph-"));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(join(root, name, ".."), { recursive: true });
    await writeFile(join(root, name), text);
  }
  return root;
}

async function found(files: Record<string, string>, entry: string): Promise<string[]> {
  const root = await tree(files);
  return (await importGraph(join(root, entry))).map((file) => relative(root, file));
}

it("follows every spelling of a relative import, .js that means .ts included", async () => {
  const files = {
    "bot.ts": `
      import { a } from "./a.js";
      import "./side.ts";
      export * from "./folder";
      const lazy = await import("./lazy.mjs");
      const old = require("./old.cjs");
      import texts from "./texts.json" with { type: "json" };
      import { Bot } from "balekit";
    `,
    "a.ts": `import { deep } from '../outside.js'`,
    "side.ts": "",
    "folder/index.ts": "",
    "lazy.mts": "",
    "old.cjs": "",
    "texts.json": "{}",
  };
  expect(await found(files, "bot.ts")).toEqual([
    "bot.ts",
    "a.ts",
    "side.ts",
    "folder/index.ts",
    "lazy.mts",
    "old.cjs",
    "texts.json",
  ]);
});

it("ends on a circle", async () => {
  expect(await found({ "a.ts": `import "./b.js"`, "b.ts": `import "./a.js"` }, "a.ts")).toEqual([
    "a.ts",
    "b.ts",
  ]);
});

it("keeps watching a file that does not parse, and one that is gone", async () => {
  expect(await found({ "bot.ts": `import { x } from "./x.js"; const = ;`, "x.ts": "" }, "bot.ts")).toEqual([
    "bot.ts",
    "x.ts",
  ]);
  expect(await found({}, "bot.ts")).toEqual(["bot.ts"]);
});
