import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Outcome, type Packed, pack, type Project } from "./packed.js";

/** A bot in TypeScript that starts itself, as bots do. */
const bot = (question: string, id: string): string => `
import { writeFileSync } from "node:fs";
import { conversation, conversations } from "@balekit/conversation";
import { Bot, type Context } from "balekit";

interface Args { readonly product: string }
const order = conversation("order", async (c, ctx: Context, args: Args): Promise<void> => {
  await ctx.reply(\`${question} \${args.product}\`);
  await c.waitFor("message:text", { id: "${id}" });
});
const bot = new Bot("1:not-a-real-secret").extend(
  conversations({ definitions: [order] }),
);
await bot.start();
writeFileSync("ran", "");
`;

/** Writes the journal of a conversation that was begun on the first code. */
const EXPORT = `
import { writeFileSync } from "node:fs";
import { conversation, conversations } from "@balekit/conversation";
import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";

const order = conversation("order", async (c, ctx, args) => {
  await ctx.reply(\`how many \${args.product}\`);
  await c.waitFor("message:text", { id: "count" });
});
const bale = emulator();
const bot = new Bot(bale.token).extend(conversations({ definitions: [order] }));
bale.attach(bot);
const ali = bale.user();
await ali.sends("hi");
await bot.conversations.enter(order, { chatId: ali.id }, { product: "tea" });
const lines = [];
for await (const { id } of bot.conversations.list()) lines.push(JSON.stringify(await bot.conversations.export(id)));
writeFileSync("journals.ndjson", lines.join("\\n") + "\\n");
process.exit(0);
`;

let packed: Packed;
let project: Project;
beforeAll(async () => {
  packed = await pack();
  const own = ["balekit", "@balekit/api", "@balekit/storage", "@balekit/emulator", "@balekit/conversation"];
  project = await packed.project("module", own, ["tsx@4.23.15"]);
  project.write("export.mjs", EXPORT);
  expect(await project.node("export.mjs")).toEqual({ status: 0, output: "" });
});
afterAll(() => packed?.remove());

/** What `npx balekit …` runs. */
function balekit(...args: readonly string[]): Promise<Outcome> {
  const bin = join(project.path, "node_modules/.bin/balekit");
  expect(existsSync(bin)).toBe(true);
  return project.node(bin, ...args);
}

test("npx balekit tells which commands there are", async () => {
  const { status, output } = await balekit("--help");
  expect(status).toBe(0);
  expect(output).toContain("balekit conversations …   of @balekit/conversation");
});

test("journals that fit a bot in TypeScript are told, and the bot does not run", async () => {
  project.write("bot.ts", bot("How many", "count"));
  const { status, output } = await balekit("conversations", "check", "journals.ndjson");
  expect(output).toContain("goes on, with other arguments of api:sendMessage");
  expect(output).toContain("1 of 1 open conversations go on with this code.");
  expect(status).toBe(0);
  expect(existsSync(join(project.path, "ran"))).toBe(false);
});

test("journals that do not fit make it exit with 1, and are told with record and ways out", async () => {
  project.write("changed.ts", bot("how many", "amount"));
  const { status, output } = await balekit("conversations", "check", ".", "--code", "changed.ts");
  expect(status).toBe(1);
  expect(output).toContain(
    "record 4 says 'wait:message:text#count', the code now does 'wait:message:text#amount'",
  );
  expect(output).toContain("ways out: previous: { 1: theOldCode }");
  expect(output).toContain("1 of 1 open conversations can't go on with this code.");
});

test("a file that only exports definitions is enough", async () => {
  project.write(
    "talks.mjs",
    'import { conversation } from "@balekit/conversation";\nexport const order = conversation("order", async (c) => { await c.waitFor("message"); });\n',
  );
  const { status, output } = await balekit(
    "conversations",
    "check",
    "journals.ndjson",
    "--code",
    "talks.mjs",
  );
  expect(status).toBe(1);
  expect(output).toContain("record 2 says 'api:sendMessage', the code now does 'wait:message'");
});

test("what can't be checked is said in words, with exit code 2", async () => {
  project.write("empty.mjs", "export const nothing = 1;\n");
  for (const [args, said] of [
    [["conversations", "check"], "balekit conversations check <journals…> [options]"],
    [
      ["conversations", "check", "none.ndjson"],
      "there is no such file. Name the journals you have exported.",
    ],
    [
      ["conversations", "check", "journals.ndjson", "--code", "none.ts"],
      "there is no none.ts. Name it with --code.",
    ],
    [
      ["conversations", "check", "journals.ndjson", "--code", "empty.mjs"],
      "no bot is extended with any there",
    ],
    [["conversations", "check", "export.mjs"], "line 2 is no exported conversation"],
  ] as const) {
    const { status, output } = await balekit(...args);
    expect(output).toContain(said);
    expect(status).toBe(2);
  }
});
