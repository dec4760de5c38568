import { Bot, type Call, retry } from "balekit";
import { afterEach, beforeEach, expect, test } from "vitest";
import { conversations } from "../src/conversations.js";
import { conversation } from "../src/definition.js";
import { ConversationError } from "../src/errors.js";
import { lanesOf, Mortal, quiet, say, told } from "./talk.js";
import { emulator } from "@balekit/emulator";
import { Deploys, open } from "./talking-bot.js";

let world: Deploys;
let ali: ReturnType<Deploys["bale"]["user"]>;
beforeEach(async () => {
  world = new Deploys();
  ali = world.bale.user();
  await world.say(ali, "hi");
});
afterEach(() => world.stop());

test("calls of c.api, ctx.api and the bot's own api are written down; transformers of the bot run once for each, and not in a replay", async () => {
  const bale = emulator();
  const storage = lanesOf(bale);
  const seen: string[] = [];
  const errors: string[] = [];
  const start = () => {
    const bot = new Bot(undefined);
    bot.catch((error) => void errors.push(error.message));
    const saying = conversation("saying", async (c, ctx) => {
      const to = { chat_id: ctx.chatId ?? 0 };
      await ctx.api.sendMessage({ ...to, text: "ctx" });
      await c.api.sendMessage({ ...to, text: "c" });
      await bot.api.sendMessage({ ...to, text: "bot" });
      const sent = await c.waitFor("message:text");
      await sent.reply("last");
    });
    bot.transform((call: Call, next) => {
      if (call.method === "sendMessage") seen.push(call.params.text);
      return next(call);
    });
    const talking = bot.extend(conversations({ definitions: [saying], storage }));
    talking.command("go", (ctx) => ctx.conversation.enter(saying));
    const detach = bale.attach(bot);
    return { bot, talking, detach };
  };
  const first = start();
  const ali = bale.user();
  await say(bale, ali, "/go");
  const [{ id } = { id: "" }] = await open(first.talking.conversations as never);
  const lines = await first.talking.conversations.inspect(id);
  expect(lines?.filter((line) => line.includes("api:sendMessage"))).toHaveLength(3);
  await first.bot.stop();
  first.detach();
  start();
  await say(bale, ali, "x");
  expect(errors).toEqual([]);
  expect(told(ali)).toEqual(["ctx", "c", "bot", "last"]);
  expect(seen).toEqual(["ctx", "c", "bot", "last"]);
});

test("a call inside external goes straight out, is part of what external does, and is not made again", async () => {
  const doing = conversation("doing", async (c, ctx) => {
    const id = await c.external("both", async () => {
      await ctx.reply("one");
      return (await ctx.reply("two")).message_id;
    });
    await c.waitFor("message:text");
    await ctx.reply(`${typeof id}`);
  });
  const talks = await world.deploy({ definitions: [doing] });
  const id = await talks.enter(doing, { chatId: ali.id });
  expect(await talks.inspect(id)).toEqual([
    "1. the entry",
    "2. 'ext:both'",
    "3. the result of operation 1",
    "4. 'wait:message:text'",
  ]);
  await world.deploy({ definitions: [doing] });
  await world.say(ali, "x");
  expect(told(ali)).toEqual(["one", "two", "number"]);
  expect(world.errors).toEqual([]);
});

test("while its code is alive each line of it runs once, however many updates come", async () => {
  const lines: string[] = [];
  const talk = conversation("talk", async (c, ctx) => {
    lines.push("begun");
    for (let n = 1; n <= 3; n++) {
      const { text } = await c.waitFor("message:text");
      lines.push(text);
      await ctx.reply(`${n}`);
    }
  });
  const talks = await world.deploy({ definitions: [talk] });
  await talks.enter(talk, { chatId: ali.id });
  for (const text of ["a", "b", "c"]) await world.say(ali, text);
  expect(lines).toEqual(["begun", "a", "b", "c"]);
});

test("code is given a copy of what external returned, alive as well as in a replay", async () => {
  const shared = { list: ["a"] };
  const seen: unknown[] = [];
  const copying = conversation("copying", async (c, ctx) => {
    const value = await c.external("shared", () => shared);
    seen.push(value === shared, [...value.list]);
    value.list.push("b");
    await c.waitFor("message:text");
    seen.push([...value.list]);
    await ctx.reply("done");
  });
  const talks = await world.deploy({ definitions: [copying] });
  await talks.enter(copying, { chatId: ali.id });
  shared.list.push("c");
  await world.deploy({ definitions: [copying] });
  await world.say(ali, "x");
  expect(seen).toEqual([false, ["a"], false, ["a"], ["a", "b"]]);
  expect(shared.list).toEqual(["a", "c"]);
});

test("what a journal can't keep is refused at the call, with its path, before anything is written or sent", async () => {
  const said: string[] = [];
  class Row {
    readonly id = 1;
  }
  const circle: { self?: unknown } = {};
  circle.self = circle;
  const wrong = conversation("wrong", async (c, ctx) => {
    const values = [{ rows: [{ save: () => 1 }] }, new Row(), circle, Symbol("x"), new WeakMap()];
    for (const value of values) {
      const sum = c.step("keep", () => value);
      await sum.catch((error: Error) => void said.push(error.message));
    }
    await ctx.reply("done");
  });
  const talks = await world.deploy({ definitions: [wrong] });
  await talks.enter(wrong, { chatId: ali.id });
  expect(told(ali)).toEqual(["done"]);
  expect(said[0]).toMatch(/^The result of step:keep: the value's rows\[0\]\.save is .*function/);
  expect(said[1]).toContain("an instance of Row");
  expect(said[2]).toContain("the value's self is an object that holds itself");
  expect(said).toHaveLength(5);
  const entering = conversation("entering", async (_c, ctx, _: { run: unknown }) => {
    await ctx.reply("never");
  });
  const next = await world.deploy({ definitions: [entering] });
  await expect(next.enter(entering, { chatId: ali.id }, { run: () => 1 })).rejects.toThrow(
    'Entering "entering": the value\'s args.run is',
  );
  expect(told(ali)).toEqual(["done"]);
  expect(await open(next)).toEqual([]);
});

test("after a crash external runs again with the same key, and says that it is a repeat", async () => {
  const bale = emulator();
  const storage = lanesOf(bale);
  const runs: { readonly key: string; readonly isRepeat: boolean }[] = [];
  const paying = conversation("paying", async (c, ctx) => {
    await c.external("charge", async ({ idempotencyKey, isRepeat }) => {
      runs.push({ key: idempotencyKey, isRepeat });
      if (runs.length === 1) await mortal.die();
    });
    await ctx.reply("charged");
  });
  const mortal = new Mortal(storage);
  const ali = bale.user();
  const first = new Bot(undefined).extend(conversations({ definitions: [paying], storage: mortal.storage }));
  const detach = bale.attach(first);
  await say(bale, ali, "hi");
  void first.conversations.enter(paying, { chatId: ali.id });
  await quiet(bale);
  detach();
  const second = new Bot(undefined).extend(conversations({ definitions: [paying], storage }));
  bale.attach(second);
  await second.init();
  await bale.clock.advance(60_000);
  await quiet(bale);
  expect(told(ali)).toEqual(["charged"]);
  expect(runs.map(({ isRepeat }) => isRepeat)).toEqual([false, true]);
  expect(runs[0]?.key).toBe(runs[1]?.key);
});

test("what retry() repeats is one operation: only how it ends is written down", async () => {
  const bale = emulator();
  const storage = lanesOf(bale);
  const saying = conversation("saying", async (c, ctx) => {
    await ctx.reply("hello");
    await c.waitFor("message:text");
  });
  const bot = new Bot(undefined);
  const timer = { setTimeout: bale.clock.setTimeout, clearTimeout: bale.clock.clearTimeout };
  bot.transform(retry({ timer } as never));
  const talking = bot.extend(conversations({ definitions: [saying], storage }));
  bale.attach(bot);
  const ali = bale.user();
  await say(bale, ali, "hi");
  bale.fault({ kind: "429", method: "sendMessage", times: 2, retry_after: 3 });
  const entering = talking.conversations.enter(saying, { chatId: ali.id });
  for (let seconds = 0; seconds < 20; seconds++) {
    await bale.clock.advance(1_000);
    await quiet(bale);
  }
  const id = await entering;
  expect(told(ali)).toEqual(["hello"]);
  expect(bale.calls.all("sendMessage")).toHaveLength(3);
  expect(await talking.conversations.inspect(id)).toHaveLength(4);
});

test("an error that ends a conversation names what it is of, and the operation its code had called last", async () => {
  const failing = conversation("failing", async (c, ctx) => {
    await ctx.reply("one");
    await c.external("price", () => Promise.reject(new RangeError("no price")));
  });
  const talks = await world.deploy({ definitions: [failing] });
  const failed: unknown = await talks.enter(failing, { chatId: ali.id }).catch((error: unknown) => error);
  expect(failed).toBeInstanceOf(ConversationError);
  expect(failed).toMatchObject({
    definition: "failing",
    operation: "ext:price",
    instance: expect.stringMatching(/^[a-z0-9]{12}$/) as string,
    cause: expect.objectContaining({ name: "RangeError", message: "no price" }) as Error,
  });
  expect((failed as Error).message).toMatch(/failed: RangeError: no price \(after 'ext:price'\)$/);
});
