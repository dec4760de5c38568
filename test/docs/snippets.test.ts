import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { type Page, readPages, root, type Snippet, snippetsOf } from "./markdown.js";
import { moduleOf } from "./snippet-module.js";

interface Checked {
  readonly title: string;
  readonly snippet: Snippet;
  readonly file: string;
  readonly codeLine: number;
}

/** Not tracked, beside the files it imports. */
const folder = join(root, "test/docs/dist/snippets");

function write(pages: readonly Page[]): Checked[] {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  return pages.flatMap(snippetsOf).map((snippet) => {
    const module = moduleOf(snippet);
    const name = `${snippet.path.replace(/\.md$/, "").replace(/[^\w.-]+/g, "-")}-${snippet.line}.ts`;
    const file = join(folder, name);
    writeFileSync(file, module.text);
    return { title: `${snippet.path}:${snippet.line}`, snippet, file, codeLine: module.codeLine };
  });
}

/** What the compiler says, each fault at its place on the page. */
function faultsOf(checked: readonly Checked[]): string[] {
  const config = ts.readConfigFile(join(root, "test/tsconfig.json"), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(root, "test"));
  const program = ts.createProgram(
    checked.map(({ file }) => file),
    { ...options, noEmit: true, composite: false, incremental: false, declaration: false },
  );
  const byFile = new Map(checked.map((entry) => [resolve(entry.file), entry]));
  return ts.getPreEmitDiagnostics(program).map((diagnostic) => {
    const says = ts.flattenDiagnosticMessageText(diagnostic.messageText, " ");
    const entry = diagnostic.file && byFile.get(resolve(diagnostic.file.fileName));
    if (!diagnostic.file || !entry) return `${diagnostic.file?.fileName ?? "the program"}: ${says}`;
    const line = diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start ?? 0).line + 1;
    const place = line - entry.codeLine + entry.snippet.line;
    return `${entry.snippet.path}:${place}: ${says}`;
  });
}

const snippets = write(readPages());

describe("the snippets of the documentation", () => {
  it("are there", () => {
    expect(snippets.length).toBeGreaterThan(30);
  });

  it("compile, every one", { timeout: 120_000 }, () => {
    expect(faultsOf(snippets)).toEqual([]);
  });

  it.each(snippets)("$title runs and does what the page says", { timeout: 20_000 }, async ({ file }) => {
    await import(/* @vite-ignore */ file);
  });
});

describe("snippets are taken from a page", () => {
  const page = (text: string): Page => ({ path: "a.md", text });

  it("with the line they begin on, and the hidden code around them", () => {
    const text =
      "# A\n\n<!-- given\nconst a = 1;\n-->\n```ts\nb(a);\n```\n<!-- then\nc();\n-->\n\n```ts\nd();\n```\n";
    expect(snippetsOf(page(text))).toEqual([
      { path: "a.md", line: 7, code: "b(a);", given: "const a = 1;", then: "c();" },
      { path: "a.md", line: 14, code: "d();", given: "", then: "" },
    ]);
  });

  it("and never let off: a fence that asks to be ignored is a fault", () => {
    expect(() => snippetsOf(page("```ts ignore\nx\n```"))).toThrow("every snippet is checked and run");
    expect(snippetsOf(page("```sh\nnpm ci\n```"))).toEqual([]);
  });
});
