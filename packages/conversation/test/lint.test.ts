import { Linter } from "eslint";
import { describe, expect, it } from "vitest";
import lint from "../src/lint.js";

const HEAD = 'import { conversation } from "@balekit/conversation";\n';

/** What ESLint finds in a program: line and rule. */
function found(program: string): readonly string[] {
  const messages = new Linter().verify(HEAD + program, [
    lint.configs.recommended as unknown as Linter.Config,
    { languageOptions: { ecmaVersion: 2026 as never } },
  ]);
  const fatal = messages.find((message) => message.fatal === true);
  if (fatal !== undefined) throw new Error(fatal.message);
  return messages.map(({ ruleId, message }) => `${ruleId?.replace("balekit-conversation/", "")}: ${message}`);
}

/** Lines as the code of a conversation. */
function inside(lines: string): string {
  return `import { db, LIST, helper } from "./elsewhere.js";\nexport const talk = conversation("talk", async (c, ctx, args) => {\n${lines}\n});`;
}

describe("no-unjournaled", () => {
  it.each([
    [
      "await fetch(url)",
      "fetch() is not in the journal of the conversation. Take c.external(name, () => fetch(…))",
    ],
    ["await globalThis.fetch(url)", "fetch() is not in the journal"],
    ["setTimeout(() => {}, 1)", "setTimeout() is not in the journal of the conversation. Take c.sleep(ms)"],
    [
      "const x = Math.random()",
      "Math.random() differs when the conversation runs again from its journal. Take c.random()",
    ],
    [
      "const x = Date.now()",
      "Date.now() differs when the conversation runs again from its journal. Take c.now()",
    ],
    ["const x = performance.now()", "performance.now() differs"],
    [
      "const x = new Date()",
      "new Date() differs when the conversation runs again from its journal. Take new Date(c.now())",
    ],
    ["const x = Date()", "Date() differs"],
    ["const x = crypto.randomUUID()", "Take c.uuid(), whose value is kept"],
    ["const x = globalThis.crypto.randomUUID()", "Take c.uuid(), whose value is kept"],
    [
      "await db.orders.save(args)",
      "db.orders.save() is not in its journal, and runs again after a restart. Put it into c.external(name, fn)",
    ],
    ["await helper(args.id)", "helper() is not in its journal"],
    [
      "const { text } = await c.waitFor('message:text'); await db.save(text)",
      "db.save() is not in its journal",
    ],
    ["const client = new Client(); await client.query('x')", "client.query() is not in its journal"],
    ["const pending = db.find(1); await pending", "pending is not in its journal"],
    ["await new Promise((resolve) => resolve())", "new Promise() is not in its journal"],
    ["await Promise.all([ctx.reply('a'), db.find(1)])", "Promise.all() is not in its journal"],
    ["await (args.isNew ? ctx.reply('a') : db.find(1))", "is not in its journal"],
    ["for await (const row of db.rows()) await ctx.reply(row.text)", "db.rows() is not in its journal"],
    ["await import('./shop.js')", "a module is not in its journal. Import it at the top of the file"],
    ["await c.step('x', async () => { await db.find(1); })", "db.find() is not in its journal"],
    ["const ask = async () => { await db.find(1); }; await ask()", "db.find() is not in its journal"],
  ])("finds %s", (line, message) => {
    expect(found(inside(line))).toEqual([expect.stringContaining(message)]);
  });

  it.each([
    "await ctx.reply('a')",
    "const name = await c.waitFor('message:text', { id: 'name' }); await name.reply('b')",
    "await c.external('row', async ({ signal }) => { const row = await fetch(url, { signal }); return { row: await row.json(), at: Date.now() }; })",
    "await c.sleep(5); const at = new Date(c.now()); const old = new Date(0)",
    "await helper(c)",
    "await helper({ ctx, name: 'x' })",
    "const answer = await c.waitFor('message:text'); await helper(answer)",
    "const ask = async () => (await c.waitFor('message:text')).text; const name = await ask()",
    "const sent = ctx.reply('a'); await sent",
    "await Promise.all([ctx.reply('a'), c.sleep(5)])",
    "await Promise.all(LIST.map((one) => ctx.reply(one)))",
    "await Promise.all(args.list.map((one) => ctx.reply(one)))",
    "const won = await c.race({ pay: () => c.waitFor('successful_payment'), no: async () => { await c.sleep(5); } })",
    "await c.steps('form', { name: async (state) => { await ctx.reply('a'); return c.done(state); } }, { next: 'name', state: 1 })",
    "const fetch = (x) => ctx.reply(x); await fetch('a')",
    "await (args.isNew ? ctx.reply('a') : undefined)",
    "try { await ctx.reply('a') } catch (error) { await ctx.reply(error.message) }",
  ])("has nothing to say of %s", (lines) => {
    expect(found(inside(lines))).toEqual([]);
  });

  it("knows what is imported by name, and under other names", () => {
    const program = `
import { setTimeout as pause } from "node:timers/promises";
import { randomUUID } from "node:crypto";
import * as crypto from "node:crypto";
export const talk = conversation("talk", async () => {
  await pause(5);
  return [randomUUID(), crypto.randomUUID()];
});`;
    expect(found(program)).toEqual([
      expect.stringContaining("setTimeout() is not in the journal"),
      expect.stringContaining("randomUUID() differs"),
      expect.stringContaining("crypto.randomUUID() differs"),
    ]);
  });

  it("looks at code that has a name, at older versions and at hooks, under whatever name conversation was imported", () => {
    const program = `
import * as talks from "@balekit/conversation";
import { conversation as define } from "@balekit/conversation";
const first = async () => { await fetch("a"); };
async function second() { await fetch("b"); }
export const one = define("one", second, { version: 2, previous: { 1: first }, onExit: () => Math.random() });
export const two = talks.conversation("two", () => fetch("c"));`;
    expect(found(program)).toHaveLength(4);
  });

  it("has nothing to say of code outside of conversations", () => {
    expect(found("export const handler = async () => { await fetch('a'); return Math.random(); };")).toEqual(
      [],
    );
    expect(
      found(
        "import { conversation as other } from 'elsewhere'; other('x', async () => { await fetch('a'); });",
      ),
    ).toEqual([]);
  });
});

describe("no-resource-over-wait", () => {
  it.each([
    [
      "const file = await c.external.open('x'); await c.waitFor('message'); await file.close()",
      "file is held over a wait",
    ],
    [
      "const lock = locks.acquire('x'); try { await c.sleep(5); } finally { lock.release(); }",
      "lock is held over a wait",
    ],
    [
      "const client = new Client(); await c.ask.text('name', 'Name?'); client.end()",
      "client is held over a wait",
    ],
    [
      "const out = createWriteStream('x'); await c.waitForCallback('yes'); out.end()",
      "out is held over a wait",
    ],
    [
      "await using lock = locks.take('x'); await c.waitFor('message')",
      "lock is disposed of at the end of its block",
    ],
  ])("finds %s", (lines, message) => {
    expect(found(inside(lines)).filter((one) => one.startsWith("no-resource"))).toEqual([
      expect.stringContaining(message),
    ]);
  });

  it.each([
    "const file = await c.external('x', async () => { const file = await open('x'); await file.close(); return 1; }); await c.sleep(file)",
    "const out = createWriteStream('x'); out.end(); await c.waitFor('message')",
    "await c.waitFor('message'); const out = createWriteStream('x'); out.end()",
    "const name = await c.waitFor('message:text'); await c.sleep(5); await name.reply('a')",
  ])("has nothing to say of %s", (lines) => {
    expect(found(inside(lines)).filter((one) => one.startsWith("no-resource"))).toEqual([]);
  });
});
