import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { excerptOf, placeOf, placeOfImport } from "../src/fault.js";

describe("placeOf", () => {
  it("takes the innermost line the user wrote, not a dependency's or Node's", () => {
    const stack = [
      "Error: no",
      "    at inner (/app/node_modules/balekit/dist/bot.js:10:3)",
      "    at node:internal/process/task_queues:95:5",
      "    at buy (file:///app/shop/buy.ts:12:9)",
      "    at file:///app/bot.ts:3:1",
    ].join("\n");
    expect(placeOf(stack)).toEqual({ file: "/app/shop/buy.ts", line: 12, column: 9 });
  });

  it("reads esbuild's complaint about what does not parse", () => {
    expect(placeOf('Error: Transform failed with 1 error:\n/app/bot.ts:4:7: ERROR: Expected ";"')).toEqual({
      file: "/app/bot.ts",
      line: 4,
      column: 7,
    });
  });

  it("reads V8's complaint, which has no column", () => {
    expect(placeOf("file:///app/bot.js:2\nconst = 1\n      ^\nSyntaxError: Unexpected token '='")).toEqual({
      file: "/app/bot.js",
      line: 2,
      column: 1,
    });
  });

  it("decodes Persian letters and spaces in a path", () => {
    const url = `file:///app/${encodeURIComponent("ربات من")}.ts`;
    expect(placeOf(`Error: x\n    at ${url}:1:1`)?.file).toBe("/app/ربات من.ts");
  });

  it("reads a path with spaces and brackets in it, in every form", () => {
    const file = "/home/my bots (new)/بازی من/bot.ts";
    const place = { file, line: 4, column: 9 };
    for (const line of [
      `    at go (${file}:4:9)`,
      `    at async Object.go [as run] (${file}:4:9)`,
      `    at hears(/^a/) (${file}:4:9)`,
      `    at ${file}:4:9`,
      `    at async ${file}:4:9`,
      `${file}:4:9: ERROR: Expected identifier but found "="`,
    ]) {
      expect(placeOf(`Error: x\n${line}`)).toEqual(place);
    }
    expect(placeOf(`${file}:4\n    at C:\\my bots\\bot.js:1:1`)).toEqual({ ...place, column: 1 });
    expect(placeOf("    at go (C:\\my bots\\bot.js:4:9)")?.file).toBe("C:\\my bots\\bot.js");
  });

  it("skips the folders it is told are not the user's", () => {
    expect(
      placeOf("Error: x\n    at a (/kit/core/bot.js:1:1)\n    at b (/app/bot.ts:2:2)", ["/kit/"])?.file,
    ).toBe("/app/bot.ts");
  });

  it("takes the caller of what was evaluated", () => {
    const stack = "    at eval (eval at run (/app/a.js:1:2), <anonymous>:1:1)\n    at run (/app/bot.js:5:6)";
    expect(placeOf(stack)).toEqual({ file: "/app/bot.js", line: 5, column: 6 });
  });

  it("finds nothing where there is nothing", () => {
    expect(placeOf("Error: x\n    at node:internal/modules/run_main:1:1")).toBeUndefined();
    expect(placeOf("")).toBeUndefined();
  });
});

describe("excerptOf", () => {
  it("reads three lines on each side and marks the guilty one", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "fault-")), "bot.ts");
    await writeFile(file, Array.from({ length: 20 }, (_, index) => `line ${index + 1}`).join("\r\n"));
    const excerpt = excerptOf({ file, line: 2, column: 1 });
    expect(excerpt?.map((one) => one.line)).toEqual([1, 2, 3, 4, 5]);
    expect(excerpt?.filter((one) => one.guilty)).toEqual([{ line: 2, text: "line 2", guilty: true }]);
  });

  it("answers nothing for a missing file and for a line past the end", async () => {
    const file = join(await mkdtemp(join(tmpdir(), "fault-")), "bot.ts");
    expect(excerptOf({ file, line: 1, column: 1 })).toBeUndefined();
    await writeFile(file, "one");
    expect(excerptOf({ file, line: 9, column: 1 })).toBeUndefined();
  });
});

describe("placeOfImport", () => {
  it("finds the line that imports what is not there, by the name it is written with", async () => {
    const folder = await mkdtemp(join(tmpdir(), "import-"));
    const file = join(folder, "bot.ts");
    await writeFile(
      file,
      'import { Bot } from "balekit";\n// menu\nimport "./menu.js";\nawait import("axios");\n',
    );
    expect(placeOfImport(`Cannot find module '${join(folder, "menu.ts")}' imported from ${file}`)).toEqual({
      file,
      line: 3,
      column: 1,
    });
    expect(placeOfImport(`Cannot find package 'axios' imported from ${file}`)?.line).toBe(4);
    expect(placeOfImport(`Cannot find package 'other' imported from ${file}`)).toBeUndefined();
    expect(placeOfImport("Cannot find package 'axios' imported from /nowhere/bot.ts")).toBeUndefined();
    expect(placeOfImport("Something else")).toBeUndefined();
    await rm(folder, { recursive: true });
  });
});
