import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import ts from "typescript";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "./source-tree.js";

/** A program in TypeScript: what is to be found stands in the lines with a comment. */
const PROGRAM = [
  'import { conversation, type ConversationHandle } from "@balekit/conversation";',
  'import { db } from "./db.js";',
  "interface Args { readonly id: number }",
  'export const talk = conversation("talk", async (c, ctx, args: Args): Promise<void> => {',
  "  const row = (await db.find(args.id)) as { name: string }; // no-unjournaled",
  "  await ask(c, row.name!);",
  "  await (ctx.reply(`${Math.random()}`) as Promise<unknown>); // no-unjournaled",
  "}, { onExit: async (reason, c, ctx) => { await bye(ctx); await db.close(reason); } }); // no-unjournaled",
  "async function ask(c: ConversationHandle, name: string): Promise<void> {",
  "  const lock = await db.lock(name); // no-resource-over-wait no-unjournaled",
  "  await c.sleep(5);",
  "  await lock.release();",
  "}",
];

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "balekit-lint-"));
  const source = join(root, "packages/conversation/src");
  const files = ["lint.ts", ...readdirSync(join(source, "lint")).map((name) => `lint/${name}`)];
  for (const file of files) {
    const target = join(folder, "plugin", file.replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    const compilerOptions = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 };
    const { outputText } = ts.transpileModule(readFileSync(join(source, file), "utf8"), { compilerOptions });
    writeFileSync(target, outputText);
  }
  writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  writeFileSync(join(folder, "talk.ts"), PROGRAM.join("\n"));
  const config = {
    jsPlugins: [{ name: "balekit-conversation", specifier: "./plugin/lint.js" }],
    categories: { correctness: "off" },
    ignorePatterns: ["plugin/**"],
    rules: {
      "balekit-conversation/no-unjournaled": "error",
      "balekit-conversation/no-resource-over-wait": "error",
    },
  };
  writeFileSync(join(folder, ".oxlintrc.json"), JSON.stringify(config));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("oxlint loads the rules for conversations, and they find the same in TypeScript", () => {
  const oxlint = join(root, "node_modules/oxlint/bin/oxlint");
  const { stdout, stderr } = spawnSync(process.execPath, [oxlint, "-f", "json", "."], {
    cwd: folder,
    encoding: "utf8",
  });
  const { diagnostics } = JSON.parse(stdout || `{"error": ${JSON.stringify(stderr)}}`) as {
    readonly diagnostics: readonly {
      readonly code: string;
      readonly labels: readonly { readonly span: { readonly line: number } }[];
    }[];
  };
  const found = diagnostics.map(
    ({ code, labels }) => `${labels[0]?.span.line} ${/\((.+)\)/.exec(code)?.[1] ?? code}`,
  );
  const expected = PROGRAM.flatMap((line, at) =>
    (/\/\/ (.+)$/.exec(line)?.[1] ?? "")
      .split(" ")
      .filter(Boolean)
      .map((rule) => `${at + 1} ${rule}`),
  );
  expect(found.sort()).toEqual(expected.sort());
});
