import { Bot } from "balekit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Checkable, collectConversations } from "../src/check-desk.js";
import { conversations } from "../src/conversations.js";
import { type AnyDefinition, conversation } from "../src/definition.js";
import { type ExportedConversation, readJournals, reportOf } from "../src/journal-check.js";
import { Deploys, open } from "./talking-bot.js";

const ends: (() => void)[] = [];
let journals: readonly ExportedConversation[];
let sent: number;
let world: Deploys;

const order = conversation("order", async (c, ctx, args: { product: string }) => {
  await ctx.reply(`how many ${args.product}?`);
  const count = await c.waitFor("message:text", { id: "count" });
  await c.external("stock", () => 5);
  await count.reply("your address?");
  await c.waitFor("message:text", { id: "address" });
});

beforeEach(async () => {
  world = new Deploys();
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [order] });
  await talks.enter(order, { chatId: ali.id }, { product: "tea" });
  await world.say(ali, "3");
  const lines: string[] = [];
  for (const { id } of await open(talks)) lines.push(JSON.stringify(await talks.export(id)));
  journals = readJournals(`${lines.join("\n")}\n`, "journals.ndjson");
  await world.stop();
  sent = world.bale.calls.all().length;
});
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** The conversations of a bot with this code, as a check gets them. */
function checkable(definitions: readonly AnyDefinition[], bot: Bot = new Bot(undefined)): Checkable {
  const found: Checkable[] = [];
  ends.push(collectConversations((one) => void found.push(one)));
  const detach = world.bale.attach(bot.extend(conversations({ definitions, storage: world.storage })));
  ends.push(detach);
  return found[0] as Checkable;
}

async function checked(definitions: readonly AnyDefinition[], bot?: Bot) {
  const desk = checkable(definitions, bot);
  const verdicts = [];
  for (const journal of journals) verdicts.push(await desk.check(journal));
  ends.pop()?.();
  return verdicts;
}

test("a journal fits the code it was made by, and code with other texts, which are told", async () => {
  expect(await checked([order])).toMatchObject([{ outcome: "fits", changes: [] }]);
  const reworded = conversation("order", async (c, ctx, args: { product: string }) => {
    await ctx.reply(`How many ${args.product}, please?`);
    const count = await c.waitFor("message:text", { id: "count" });
    await c.external("stock", () => 5);
    await count.reply("Your address, please?");
    await c.waitFor("message:text", { id: "address" });
  });
  const verdicts = await checked([reworded]);
  expect(verdicts).toMatchObject([{ outcome: "fits", changes: ["api:sendMessage"] }]);
  expect(reportOf(verdicts)).toContain("goes on, with other arguments of api:sendMessage");
  expect(reportOf(verdicts)).toContain("1 of 1 open conversations go on with this code.");
});

test("code in another order does not fit: the report names the conversation, the record and the ways out", async () => {
  let ran = 0;
  const changed = conversation("order", async (c, ctx, _: { product: string }) => {
    await ctx.reply("your address?");
    await c.external("stock", () => ++ran);
    await c.waitFor("message:text", { id: "address" });
  });
  const verdicts = await checked([changed]);
  const report = reportOf(verdicts);
  expect(verdicts).toMatchObject([{ outcome: "mismatch" }]);
  expect(report).toContain(`✗ order ${journals[0]?.conversation.id} (entered 2026-`);
  expect(report).toContain("record 4 says 'wait:message:text#count', the code now does 'ext:stock'");
  expect(report).toContain('ways out: previous: { 1: theOldCode }, c.patched("…"), onMismatch');
  expect(report).toContain("1 of 1 open conversations can't go on with this code. Nothing was sent");
  expect(ran).toBe(0);
});

test("a version without its code, a name without a definition, and a derive that fails are told apart", async () => {
  const second = conversation("order", async () => undefined, { version: 2 });
  expect(await checked([second])).toMatchObject([
    { outcome: "mismatch", detail: expect.stringContaining("previous has no code for the old one") },
  ]);
  const pinned = conversation("order", async () => undefined, {
    version: 2,
    previous: { 1: order.code as never },
  });
  expect(await checked([pinned])).toMatchObject([{ outcome: "fits" }]);
  const other = conversation("other", async () => undefined);
  expect(await checked([other])).toMatchObject([{ outcome: "unknown" }]);
  const shop = new Bot(undefined).derive("shop", () => {
    throw new Error("no database here");
  });
  expect(await checked([order], shop as unknown as Bot)).toMatchObject([
    { outcome: "failed", detail: "Error: no database here" },
  ]);
});

test("nothing is sent and nothing is written: neither by the conversations nor by what derive adds", async () => {
  const before = await entries();
  const nosy = new Bot(undefined).derive("nosy", (ctx) => ctx.api.sendMessage({ chat_id: 1, text: "hi" }));
  expect(await checked([order], nosy as unknown as Bot)).toMatchObject([
    { outcome: "failed", detail: expect.stringContaining("nothing is sent while journals are checked") },
  ]);
  expect(await checked([order])).toMatchObject([{ outcome: "fits" }]);
  // The store has open work that a bot would see to when it starts.
  await world.bale.clock.advance(60_000);
  expect(world.bale.calls.all()).toHaveLength(sent);
  expect(await entries()).toEqual(before);
});

async function entries(): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for await (const key of world.storage.keys("")) found.push(key, await world.storage.load(key, 0));
  return found;
}

test("a line that is no exported conversation is named", () => {
  expect(() => readJournals('{"a":1}\n', "x.ndjson")).toThrow(
    "Reading x.ndjson: line 1 is no exported conversation",
  );
  expect(() => readJournals("\n{oops\n", "x.ndjson")).toThrow("line 2");
  expect(readJournals("\n\n", "x.ndjson")).toEqual([]);
});
