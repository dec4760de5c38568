import { setTimeout as sleep } from "node:timers/promises";
import { Bot, memoryLanes } from "balekit";
import { expect, test } from "vitest";
import { type Deletion, deletions } from "../src/index.js";
import { stage, until } from "./stage.js";

test("deleteAfter returns at once, and the message goes when its time has come", async () => {
  const { bot, bale, ali, errors } = stage();
  let noted: Deletion | undefined;
  bot.extend(deletions()).on("message", async (ctx) => {
    noted = await ctx.deleteAfter(await ctx.reply("رمز"), 60_000);
  });
  await ali.sends("x");
  expect([errors, noted?.dueAt]).toEqual([[], bale.clock.now() + 60_000]);
  await bale.clock.advance(59_999);
  expect(ali.inbox.all).toHaveLength(1);
  await bale.clock.advance(1);
  await until(() => ali.inbox.all.length === 0);
});

test("a cancelled deletion does not happen, and cancelling says whether it was in time", async () => {
  const { bot, bale, ali } = stage();
  let noted: Deletion | undefined;
  bot.extend(deletions()).on("message", async (ctx) => {
    noted = await ctx.deleteAfter(await ctx.reply("x"), 1000);
  });
  await ali.sends("x");
  expect(await noted?.cancel()).toBe(true);
  await bale.clock.advance(5000);
  await sleep(1);
  expect(ali.inbox.all).toHaveLength(1);
  expect(await noted?.cancel()).toBe(false);
});

test("a deletion that Bale refuses is logged by its ids, and nothing else fails", async () => {
  const { bot, bale, ali, errors, lines } = stage();
  bot.extend(deletions()).on("message", async (ctx) => {
    await ctx.deleteAfter({ message_id: 999_999, chat: { id: ali.id } }, 0);
  });
  await ali.sends("secret");
  await bale.clock.advance(1);
  await until(() => lines.some((line) => line.includes("could not be deleted")));
  expect(errors).toEqual([]);
  expect(lines.join("\n")).toContain("999999");
  expect(lines.join("\n")).not.toContain("secret");
});

test("a network that fails for a moment is tried again", async () => {
  const { bot, bale, ali } = stage();
  bot.extend(deletions()).on("message", async (ctx) => {
    await ctx.deleteAfter(await ctx.reply("x"), 1000);
  });
  await ali.sends("x");
  bale.fault({ kind: "reset-before", method: "deleteMessage", times: 1 });
  await until(() => {
    void bale.clock.advance(500);
    return ali.inbox.all.length === 0;
  });
});

test("the bot that stops deletes what is left, or forgets it", async () => {
  for (const onStop of ["delete", "forget"] as const) {
    const { bot, ali } = stage();
    bot.extend(deletions({ onStop })).on("message", async (ctx) => {
      await ctx.deleteAfter(await ctx.reply("x"), 1_000_000);
    });
    await ali.sends("x");
    await bot.stop();
    expect(ali.inbox.all).toHaveLength(onStop === "delete" ? 0 : 1);
  }
});

test("what a handler notes when the bot has stopped already leaves no timer behind", async () => {
  for (const [onStop, left] of [
    ["delete", 0],
    ["forget", 1],
  ] as const) {
    const { bot, bale, ali } = stage();
    let goOn: () => void = () => undefined;
    let noted: Promise<Deletion> | undefined;
    bot.extend(deletions({ onStop })).on("message", async (ctx) => {
      const sent = await ctx.reply("x");
      await new Promise<void>((resolve) => (goOn = resolve));
      noted = ctx.deleteAfter(sent, 1000);
      await noted;
    });
    void ali.sends("x");
    await until(() => ali.inbox.all.length === 1);
    await bot.stop({ graceMs: 0 });
    goOn();
    await until(() => noted !== undefined);
    await noted;
    if (left === 0) await until(() => ali.inbox.all.length === 0);
    await bale.clock.advance(5000);
    await sleep(1);
    expect(ali.inbox.all).toHaveLength(left);
  }
});

test("with lanes a deletion outlives the process: the next bot does it, at its time or late", async () => {
  const { bot, bale, ali } = stage();
  const lanes = memoryLanes();
  bot.extend(deletions({ lanes })).on("message", async (ctx) => {
    await ctx.deleteAfter(await ctx.reply("soon"), 1000);
    await ctx.deleteAfter(await ctx.reply("later"), 10_000);
  });
  await ali.sends("x");
  await bot.stop();
  expect(ali.inbox.all).toHaveLength(2);
  const next = new Bot(bale.token, { logger: { debug() {}, info() {}, warn() {}, error() {} } });
  next.extend(deletions({ lanes })).use((_ctx, go) => go());
  next.connect({ transport: bale.transport(), clock: bale.clock });
  await bale.clock.advance(2000);
  await next.handle({ update_id: 1_000_000 });
  await bale.clock.advance(1);
  await until(() => ali.inbox.all.length === 1);
  expect(ali.inbox.last.text).toBe("later");
  await bale.clock.advance(8000);
  await until(() => ali.inbox.all.length === 0);
  const left: string[] = [];
  await until(() => true);
  for await (const key of lanes.keys("")) left.push(key);
  expect(left).toEqual([]);
  await next.stop();
});

test("what a process that died has left is found by one that runs", async () => {
  const { bot, bale, ali } = stage();
  const lanes = memoryLanes();
  bot.extend(deletions({ lanes })).on("message:text", async (ctx) => {
    if (ctx.text === "keep") await ctx.reply("left");
  });
  await ali.sends("keep");
  const { message_id } = ali.inbox.last;
  const dueAt = bale.clock.now() + 1000;
  const head = { chat_id: ali.id, message_id, dueAt };
  await lanes.commit(`deletion:${bale.bot.id}:${ali.id}:${message_id}`, null, { head, wakeAt: dueAt });
  await bale.clock.advance(60_000);
  await until(() => {
    void bale.clock.advance(10);
    return ali.inbox.all.length === 0;
  });
});

test("what has been left is found behind any number of lanes of others that are due and stay it", async () => {
  const { bot, bale, ali } = stage();
  const lanes = memoryLanes();
  bot.extend(deletions({ lanes })).on("message:text", (ctx) => ctx.reply("left"));
  await ali.sends("keep");
  for (let at = 0; at < 1_100; at++) await lanes.commit(`theirs:${at}`, null, { head: {}, wakeAt: 1 });
  const { message_id } = ali.inbox.last;
  const dueAt = bale.clock.now() + 1000;
  const head = { chat_id: ali.id, message_id, dueAt };
  await lanes.commit(`deletion:${bale.bot.id}:${ali.id}:${message_id}`, null, { head, wakeAt: dueAt });
  await bale.clock.advance(60_000);
  await until(() => {
    void bale.clock.advance(10);
    return ali.inbox.all.length === 0;
  });
});

test("a second delay for a message takes the place of the first, also in another process", async () => {
  const { bot, bale, ali } = stage();
  const lanes = memoryLanes();
  bot.extend(deletions({ lanes })).on("message", async (ctx) => {
    const sent = await ctx.reply("x");
    await ctx.deleteAfter(sent, 1000);
    await ctx.deleteAfter(sent, 5000);
  });
  await ali.sends("x");
  await bale.clock.advance(1000);
  await sleep(1);
  expect(ali.inbox.all).toHaveLength(1);
  await bale.clock.advance(4000);
  await until(() => ali.inbox.all.length === 0);
});

test.each([-1, 48 * 3600 * 1000 + 1, Number.NaN, Number.POSITIVE_INFINITY])(
  "a delay of %s is refused before anything is noted",
  async (delayMs) => {
    const { bot, ali, errors } = stage();
    bot.extend(deletions()).on("message", async (ctx) => {
      await ctx.deleteAfter(ctx.message, delayMs);
    });
    await ali.sends("x");
    expect(errors).toMatchObject([{ name: "RangeError", code: "ERR_BALE_DELETION" }]);
  },
);

test("options that cannot work are refused when the plugin is made", () => {
  expect(() => deletions({ onStop: "later" as never })).toThrow(
    expect.objectContaining({ code: "ERR_BALE_OPTION" }),
  );
  expect(() => deletions({ lanes: {} as never })).toThrow(
    expect.objectContaining({ code: "ERR_BALE_OPTION" }),
  );
});
