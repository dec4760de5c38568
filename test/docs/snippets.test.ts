import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { beforeAll, describe, expect, it, vi } from "vitest";
import { type Page, readPages, root, type Snippet, snippetsOf } from "./markdown.js";
import { moduleOf } from "./snippet-module.js";

interface Checked {
  readonly title: string;
  readonly snippet: Snippet;
  readonly file: string;
  readonly codeLine: number;
}

/** Not tracked, beside the files it imports. */
const dist = join(root, "test/docs/dist");

function write(pages: readonly Page[], room: string): Checked[] {
  const folder = join(dist, room);
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

/** What the compiler says of the snippets, each fault at its place on the page. */
function faultsOf(checked: readonly Checked[]): string[] {
  const config = ts.readConfigFile(join(root, "test/tsconfig.json"), (path) => ts.sys.readFile(path));
  const { options } = ts.parseJsonConfigFileContent(config.config, ts.sys, join(root, "test"));
  const program = ts.createProgram(
    checked.map(({ file }) => file),
    { ...options, noEmit: true, composite: false, incremental: false, declaration: false },
  );
  return checked.flatMap(({ file, snippet, codeLine }) => {
    const source = program.getSourceFile(file);
    if (!source) return [`${snippet.path}:${snippet.line}: the compiler did not read it`];
    return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map(
      ({ messageText, start = 0 }) => {
        const place = source.getLineAndCharacterOfPosition(start).line + 1 - codeLine + snippet.line;
        return `${snippet.path}:${place}: ${ts.flattenDiagnosticMessageText(messageText, " ")}`;
      },
    );
  });
}

// What snippets print is for readers of the page, not of the test's output.
beforeAll(() => {
  for (const method of ["log", "error"] as const) vi.spyOn(console, method).mockReturnValue(undefined);
});

const snippets = write(readPages(), "snippets");

describe("the snippets of the documentation", () => {
  it("are there", () => {
    expect(snippets.length).toBeGreaterThan(30);
  });

  it("are refused by the compiler where they are wrong, with the line of the page", {
    timeout: 120_000,
  }, () => {
    const wrong = {
      path: "wrong.md",
      text: '# A\n\n```ts\nbot.on("message:photo", (ctx) => ctx.reply(ctx.msg.photos));\n```\n',
    };
    const [fault, ...others] = faultsOf(write([wrong], "wrong"));
    expect(fault).toMatch(/^wrong\.md:4: .*'photos' does not exist/);
    expect(others).toEqual([]);
  });

  it("compile, every one", { timeout: 120_000 }, () => {
    expect(faultsOf(snippets)).toEqual([]);
  });

  it.each(snippets)("$title runs and does what the page says", { timeout: 20_000 }, async ({ file }) => {
    await expect(import(/* @vite-ignore */ file)).resolves.toBeDefined();
  });
});

describe("snippets are taken from a page", () => {
  const page = (text: string): Page => ({ path: "a.md", text });

  it("with the line they begin on, and the hidden code around them", () => {
    const text =
      "# A\n\n<!-- given\nconst a = 1;\n-->\n```ts\nb(a);\n```\n<!-- then\nc();\n-->\n\n```ts\nd();\n```\n";
    expect(snippetsOf(page(text))).toEqual([
      { path: "a.md", line: 7, code: "b(a);", before: "const a = 1;", after: "c();" },
      { path: "a.md", line: 14, code: "d();", before: "", after: "" },
    ]);
  });

  it("and never let off: a fence that asks to be ignored is a fault", () => {
    expect(() => snippetsOf(page("```ts ignore\nx\n```"))).toThrow("every snippet is checked and run");
    expect(snippetsOf(page("```sh\nnpm ci\n```"))).toEqual([]);
  });
});
