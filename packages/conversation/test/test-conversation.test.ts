import { AssertionError } from "node:assert";
import { expect, test } from "vitest";
import { conversation } from "../src/definition.js";
import { ConversationError, ShadowDivergenceError, UnjournaledAwaitError } from "../src/errors.js";
import { testConversation } from "../src/testing.js";

const order = conversation(
  "order",
  async (c, ctx, args: { product: string }) => {
    await ctx.reply(`how many ${args.product}?`);
    const count = await c.ask.integer("count", "count?");
    const place = await c.ask.location("place", "where?");
    await ctx.reply(`${count} to ${place.latitude}`);
    return count;
  },
  { timeoutMs: 1_800_000, onTimeout: (_, ctx) => ctx.reply("too late") },
);

test("enters with arguments, talks, restarts in the middle, and has the result", async () => {
  const t = testConversation(order, { user: { first_name: "علی" } });
  await t.enter({ product: "tea" });
  expect(t.inbox.texts).toEqual(["how many tea?", "count?"]);
  await t.sends("۳");
  expect(t.result).toBeUndefined();
  await t.restart();
  await t.sendsLocation({ latitude: 1, longitude: 2 });
  expect(t.last.text).toBe("3 to 1");
  expect(t.result).toBe(3);
  expect(t.ending).toEqual({ reason: "done", result: 3, error: undefined });
  expect(t.transcript).toEqual([
    "علی: /enter",
    "bot: how many tea?",
    "bot: count?",
    "علی: ۳",
    "bot: where? [ارسال موقعیت من]",
    "علی: [location]",
    "bot: ثبت شد.",
    "bot: 3 to 1",
  ]);
});

test("moves the time in words or in milliseconds, and meets each deadline at its moment", async () => {
  const nightly = conversation("nightly", async (c, ctx) => {
    for (const hours of [2, 24, 3]) {
      await c.sleep(hours * 3_600_000);
      await ctx.reply(`${hours} at ${(c.now() - Date.UTC(2026, 0, 1)) / 3_600_000}`);
    }
  });
  const t = testConversation(nightly);
  await t.enter();
  await t.advance("1h 59m");
  expect(t.inbox.texts).toEqual([]);
  await t.advance(60_000);
  expect(t.inbox.texts).toEqual(["2 at 2"]);
  await t.advance("1d 3h");
  expect(t.inbox.texts).toEqual(["2 at 2", "24 at 26", "3 at 29"]);
  await expect(t.advance("soon")).rejects.toMatchObject({ code: "ERR_BALE_CONVERSATION_TEST" });
});

test("a wait that is over says so at its deadline", async () => {
  const t = testConversation(order);
  await t.enter({ product: "tea" });
  await t.advance("29m 59s");
  expect(t.last.text).toBe("count?");
  await t.advance("1s");
  expect(t.last.text).toBe("too late");
  expect(t.ending?.reason).toBe("timeout");
});

test("what the bot's code throws is thrown where it was caused", async () => {
  const failing = conversation("failing", async (c) => {
    await c.waitFor("message:text");
    throw new RangeError("mine");
  });
  const t = testConversation(failing);
  await t.enter();
  const thrown = await t.sends("go").catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ConversationError);
  expect((thrown as Error).cause).toBeInstanceOf(RangeError);
  expect(t.ending).toMatchObject({ reason: "error", error: { message: "mine" } });
});

test("brings one's own bot: handlers, plugins, other people and groups", async () => {
  const t = testConversation(order, {
    setUp: (bot, talks) => {
      bot.extend(talks).command("buy", async (ctx) => {
        await ctx.conversation.enter(order, { product: "apples" });
      });
      bot.command("hi", (ctx) => ctx.reply("hi!"));
    },
  });
  const sara = t.bale.user({ first_name: "Sara" });
  const group = t.bale.group({ title: "g", members: [t.user, sara] });
  await t.sends("/buy", { chat: group });
  await sara.sends("5", { chat: group });
  expect(group.last.text).toBe("5");
  await t.sends("/hi", { chat: group });
  await t.sends("6", { chat: group });
  expect(group.last.text).toBe("where?");
  const names: string[] = [];
  for await (const { name } of (await t.talks()).list()) names.push(name);
  expect(names).toEqual(["order"]);
});

test.each([
  ["Math.random", () => Math.random()],
  [
    "a variable outside",
    (() => {
      let calls = 0;
      return () => ++calls;
    })(),
  ],
])("%s in a conversation is an error at the first step, with its operation and line", async (_, draw) => {
  const careless = conversation("careless", async (c, ctx) => {
    await ctx.reply("begin");
    await ctx.reply(`your number: ${draw()}`);
    await c.waitFor("message:text", { id: "next" });
  });
  const thrown = await testConversation(careless)
    .enter()
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ShadowDivergenceError);
  expect(String(thrown)).toContain("api:sendMessage is called with other arguments than the journal has");
  const { line } = thrown as ShadowDivergenceError;
  expect(line).toMatch(/test-conversation\.test\.ts:\d+:\d+$/);
  expect(await sourceAt(line ?? "")).toContain("your number");
});

test("a wait that depends on Date.now is found when it differs, and what is waited for as well", async () => {
  let flips = 0;
  const fickle = conversation("fickle", async (c) => {
    if (++flips % 2 === 1) await c.waitFor("message:text", { id: "one" });
    else await c.waitFor("message:text", { id: "two" });
  });
  const thrown = await testConversation(fickle)
    .enter()
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(ShadowDivergenceError);
  expect(String(thrown)).toContain(
    "record 2 says 'wait:message:text#one', the code now does 'wait:message:text#two'",
  );
  expect(await sourceAt((thrown as ShadowDivergenceError).line ?? "")).toContain('id: "two"');
});

test("an end that differs is found", async () => {
  let calls = 0;
  const ending = conversation("ending", async (c) => {
    await c.waitFor("message:text", { id: "one" });
    return ++calls;
  });
  const t = testConversation(ending);
  await t.enter();
  await expect(t.sends("go")).rejects.toThrow("live it ends with");
});

test("an await of something un-journaled is an error with its line", async () => {
  const fetching = conversation("fetching", async (c, ctx) => {
    await ctx.reply("begin");
    await new Promise((resolve) => setTimeout(resolve, 5));
    await ctx.reply("done");
    await c.waitFor("message:text");
  });
  const thrown = await testConversation(fetching)
    .enter()
    .catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(UnjournaledAwaitError);
  expect(await sourceAt((thrown as UnjournaledAwaitError).line ?? "")).toContain('"done"');
});

test("a bot that waits for time says so instead of hanging", async () => {
  const slow = conversation("slow", async (c, ctx) => {
    await c.external("slow", () => new Promise((resolve) => setTimeout(resolve, 60_000).unref()));
    await ctx.reply("done");
  });
  const t = testConversation(slow, { patienceMs: 50 });
  const thrown = await t.enter().catch((error: unknown) => error);
  expect(thrown).toBeInstanceOf(AssertionError);
  expect(String(thrown)).toContain("after 50 ms of real time it is still busy");
});

async function sourceAt(place: string): Promise<string> {
  const { readFile } = await import("node:fs/promises");
  const [, file = "", line] = /^(.*):(\d+):\d+$/.exec(place) ?? [];
  return (await readFile(file, "utf8")).split("\n")[Number(line) - 1] ?? "";
}

test("a conversation that waits for nothing has an ending and a result", async () => {
  const t = testConversation(conversation("instant", async () => 4));
  await t.enter();
  expect(t.result).toBe(4);
  expect(t.ending).toEqual({ reason: "done", result: 4, error: undefined });
});
