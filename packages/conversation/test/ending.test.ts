import { emulator } from "@balekit/emulator";
import { sqliteLanes } from "@balekit/storage/sqlite";
import { Bot, type LaneStore } from "balekit";
import Database from "libsql";
import { expect, onTestFinished, test } from "vitest";
import { type Conversations, conversations } from "../src/conversations.js";
import { type AnyDefinition, type ConversationDefinition, conversation } from "../src/definition.js";
import { lanesOf, quiet, say } from "./talk.js";
import { Deploys } from "./talking-bot.js";

const DAY_MS = 86_400_000;

interface Order {
  readonly count: number;
  readonly at: Date;
}

const order = conversation("order", async (c, ctx, args: { product: string }): Promise<Order> => {
  await ctx.reply(`how many ${args.product}?`);
  const { text } = await c.waitFor("message:text", { id: "count" });
  if (text === "none") c.exit({ left: args.product });
  if (text === "bad") throw new RangeError("no number");
  return { count: Number(text), at: new Date(c.now()) };
});

async function begin(world: Deploys) {
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const talks = await world.deploy({ definitions: [order], sweepMs: 600_000 });
  const id = await talks.enter(order, { chatId: ali.id }, { product: "tea" });
  onTestFinished(() => world.stop());
  return { ali, talks, id };
}

test("what a conversation returned is known after its end, after a restart, and for a day", async () => {
  const world = new Deploys();
  const { ali, talks, id } = await begin(world);
  expect(await talks.ending(id)).toBeUndefined();
  await world.say(ali, "3");
  const endedAt = world.bale.clock.now();
  const ending = { id, name: "order", endedAt, isDone: true, reason: "done" };
  expect(await talks.ending(id)).toEqual({ ...ending, result: { count: 3, at: new Date(endedAt) } });

  const next = await world.deploy({ definitions: [order], sweepMs: 600_000 });
  // An id that was written down is a plain text: its definition says what it is.
  const text: string = id;
  const found = await next.ending(text, { of: order });
  expect(found?.isDone === true && found.result.at).toEqual(new Date(endedAt));
  await world.pass(DAY_MS - 60_000);
  expect((await next.ending(id))?.isDone).toBe(true);
  await world.pass(700_000);
  await expect(next.ending(id)).rejects.toThrow(/nothing is known of it.*limits\.endingMs/);
  const left = [];
  for await (const key of world.storage.keys("cv:")) left.push(key);
  expect(left).toEqual([]);
});

test("who left before the end is told apart from who came to it, with what c.exit was given or the code threw", async () => {
  for (const [text, reason] of [
    ["none", "exit"],
    ["bad", "error"],
  ] as const) {
    const world = new Deploys();
    const { ali, talks, id } = await begin(world);
    await world.say(ali, text);
    const ending = await talks.ending(id);
    expect(ending).toMatchObject({ isDone: false, reason });
    if (ending?.isDone !== false) throw new Error("it is not done");
    expect(ending.result).toEqual(reason === "exit" ? { left: "tea" } : undefined);
    if (reason === "error") expect(ending.error).toEqual(new RangeError("no number"));
    if (reason === "error") expect(ending.error).toBeInstanceOf(RangeError);
  }
  for (const [end, reason] of [
    ["kill", "killed"],
    ["exit", "because"],
  ] as const) {
    const { talks, id } = await begin(new Deploys());
    await talks[end](id, "because");
    expect(await talks.ending(id)).toMatchObject({ isDone: false, reason, result: undefined });
  }
});

test("an end is waited for: it wakes who waits in this process at once, and is found when it comes in another", async () => {
  const bale = emulator();
  const database = new Database(":memory:");
  const storage: LaneStore = sqliteLanes(database, { clock: bale.clock });
  const up = (): { talks: Conversations; detach: () => void; stop: () => Promise<void> } => {
    const talks = conversations({ definitions: [order], storage, machines: "many" });
    const bot = new Bot(undefined).extend(talks);
    return { talks, detach: bale.attach(bot), stop: () => bot.stop() };
  };
  const here = up();
  here.detach();
  const there = up();
  onTestFinished(async () => {
    for (const { stop } of [here, there]) await stop();
    database.close();
  });
  const ali = bale.user();
  await say(bale, ali, "hi");
  const id = await there.talks.enter(order, { chatId: ali.id }, { product: "tea" });
  const waits = [here, there].map(({ talks }) => talks.ending(id, { timeoutMs: 600_000 }));
  const settled: number[] = [];
  waits.forEach((one, at) => void one.then(() => settled.push(at)));
  await bale.clock.advance(60_000);
  expect(settled).toEqual([]);
  await say(bale, ali, "3");
  expect(settled).toEqual([1]);
  await bale.clock.advance(5_000);
  await quiet(bale);
  expect(settled).toEqual([1, 0]);
  for (const one of waits) expect(await one).toMatchObject({ isDone: true, result: { count: 3 } });

  const other = await there.talks.enter(order, { chatId: ali.id }, { product: "tea" });
  const patient = here.talks.ending(other, { timeoutMs: 1_000 });
  await bale.clock.advance(1_000);
  expect(await patient).toBeUndefined();
  const stop = new AbortController();
  const impatient = here.talks.ending(other, { timeoutMs: 60_000, signal: stop.signal });
  stop.abort(new Error("enough"));
  await expect(impatient).rejects.toThrow("enough");
});

test("a result that a journal can't keep fails nothing, and is an error for who asks", async () => {
  const bale = emulator();
  const shown: readonly AnyDefinition[] = [
    conversation("contexts", async (_c, ctx) => ctx),
    conversation("large", async () => "x".repeat(70_000)),
  ];
  const talks = conversations({ definitions: shown, storage: lanesOf(bale) });
  const bot = new Bot(undefined).extend(talks);
  const errors: string[] = [];
  bot.catch((error) => void errors.push(error.message));
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "hi");
  const ids = [];
  for (const one of shown) ids.push(await talks.enter(one as ConversationDefinition, { chatId: ali.id }));
  await expect(talks.ending(ids[0] as string)).rejects.toThrow(
    /^The result of the conversation "contexts": .* an instance of Context/,
  );
  await expect(talks.ending(ids[1] as string)).rejects.toMatchObject({
    name: "JournalLimitError",
    message: expect.stringContaining('The result of the conversation "large"') as string,
  });
  expect(errors).toEqual([]);
  await bot.stop();
});

test("a lane remembers the last sixteen ends, whatever else goes on in it; with endingMs 0 none", async () => {
  const world = new Deploys();
  onTestFinished(() => world.stop());
  const ali = world.bale.user();
  await world.say(ali, "hi");
  const quick = conversation("quick", async (_c, _ctx, args: { n: number }) => args.n);
  let talks = await world.deploy({ definitions: [quick, order] });
  await talks.enter(order, { chatId: ali.id }, { product: "tea" });
  const ids = [];
  for (let n = 0; n < 20; n++) ids.push(await talks.enter(quick, { chatId: ali.id }, { n }));
  const known = await Promise.all(ids.map((id) => talks.ending(id).catch(() => undefined)));
  expect(known.map((ending) => ending?.result)).toEqual(ids.map((_, n) => (n < 4 ? undefined : n)));
  talks = await world.deploy({ definitions: [quick], limits: { endingMs: 0 } });
  const id = await talks.enter(quick, { chatId: ali.id }, { n: 1 });
  await expect(talks.ending(id)).rejects.toThrow("nothing is known of it");
});

test("what is asked wrongly is refused with what to do; inside a conversation it goes into external", async () => {
  const world = new Deploys();
  const { ali, talks, id } = await begin(world);
  await expect(talks.ending("" as never)).rejects.toThrow(/"" is no id/);
  await expect(talks.ending(id, { timeoutMs: -1 })).rejects.toThrow("timeoutMs is -1");
  const other = conversation("other", async () => 1);
  await expect(talks.ending(id as string, { of: other })).rejects.toThrow('it is of "order", not of "other"');

  const said: string[] = [];
  const asking = conversation("asking", async (c) => {
    await talks.ending(id).catch((error: Error) => said.push(error.message));
    const found = await c.external("end", async () => (await again.ending(id))?.result);
    said.push(JSON.stringify(found));
  });
  await world.say(ali, "3");
  const again: Conversations = await world.deploy({ definitions: [order, asking] });
  await again.enter(asking, { chatId: ali.id });
  expect(said[0]).toContain("Put it into c.external(name, fn), or run the other with c.call.");
  expect(JSON.parse(said[1] ?? "")).toMatchObject({ count: 3 });
});
