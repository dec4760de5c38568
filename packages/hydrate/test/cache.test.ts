import { Composer, Context } from "balekit";
import { expect, test } from "vitest";
import { cache, hydrate } from "../src/index.js";
import { stage } from "./stage.js";

test("users, chats and messages are remembered from every update and every message sent", async () => {
  const { bot, bale, ali, errors } = stage();
  const remembering = bot.extend(cache());
  const met = remembering.cache;
  const sara = bale.user({ first_name: "Sara" });
  const group = bale.group({ title: "g", members: [ali] });
  remembering.on("message:text", async (ctx) => void (await ctx.reply("پاسخ")));
  await ali.sends("سلام", { chat: group });
  await sara.joins(group);
  expect(errors).toEqual([]);
  expect(met.user(ali.id)?.first_name).toBe("Ali");
  expect(met.user(sara.id)?.first_name).toBe("Sara");
  expect(met.chat(group.id)?.title).toBe("g");
  const { message_id } = ali.inboxOf(group).last;
  expect(met.message(group.id, message_id)?.text).toBe("پاسخ");
  expect([...met.users()].map(({ id }) => id)).toContain(ali.id);
  expect([...met.chats()].map(({ id }) => id)).toEqual([group.id]);
});

test("edits by people and by the bot are remembered, and what the bot deletes is forgotten", async () => {
  const { bot, ali, errors } = stage();
  const hydrated = bot.extend(cache()).extend(hydrate());
  const met = hydrated.cache;
  const seen: unknown[] = [];
  hydrated.on("message:text", async (ctx) => {
    const sent = await ctx.message.reply("a");
    await sent.edit("b");
    const known = ctx.cache.message(ali.id, sent.message_id);
    seen.push(known?.text, known?.message_id === sent.message_id);
    await sent.delete();
    seen.push(ctx.cache.message(ali.id, sent.message_id));
  });
  const own = await ali.sends("یک");
  await ali.edits(own, "دو");
  expect(errors).toEqual([]);
  expect(seen).toEqual(["b", true, undefined]);
  expect(met.message(ali.id, own.message_id)?.text).toBe("دو");
});

test("what the bot does to a message counts as well when the chat's id is a text", async () => {
  const { bot, ali, errors } = stage();
  const met = bot.extend(cache()).cache;
  await ali.sends("سلام");
  const chat_id = String(ali.id);
  const { message_id } = await bot.api.sendMessage({ chat_id, text: "a" });
  await bot.api.editMessageText({ chat_id, message_id, text: "b" });
  expect(met.message(ali.id, message_id)?.text).toBe("b");
  await bot.api.deleteMessage({ chat_id, message_id });
  expect(met.message(ali.id, message_id)).toBeUndefined();
  expect(errors).toEqual([]);
});

test("useCache: false asks Bale and remembers, and what is not there is undefined and forgotten", async () => {
  const { bot, bale, ali } = stage();
  const met = bot.extend(cache()).cache;
  await ali.sends("x");
  const asked = (): number => bale.calls.all().filter(({ method }) => method === "getChat").length;
  expect((await met.getUser(ali.id))?.first_name).toBe("Ali");
  expect((await met.getChat(ali.id))?.type).toBe("private");
  expect(asked()).toBe(0);
  expect(await met.getUser(ali.id, { useCache: false })).toMatchObject({
    id: ali.id,
    first_name: "Ali",
    is_bot: false,
  });
  expect(asked()).toBe(1);
  expect(await met.getChat(123_456, { useCache: false })).toBeUndefined();
  expect(await met.getUser(123_456)).toBeUndefined();
  const group = bale.group({ title: "g" });
  expect(await met.getUser(group.id)).toBeUndefined();
  expect((await met.getChat(group.id))?.title).toBe("g");
});

test("what was not used for longest goes first", async () => {
  const { bot, bale } = stage();
  const met = bot.extend(cache({ users: 2, messages: 2 })).cache;
  const people = ["a", "b", "c"].map((first_name) => bale.user({ first_name }));
  const [a, b, c] = people;
  await a?.sends("1");
  await b?.sends("2");
  met.user(a?.id ?? 0);
  await c?.sends("3");
  expect(people.map((one) => met.user(one.id)?.first_name)).toEqual(["a", undefined, "c"]);
  expect(met.sizes).toEqual({ users: 2, chats: 3, messages: 2 });
});

test("forgetting a user forgets what they wrote, and exporting shows it", async () => {
  const { bot, ali } = stage();
  const met = bot.extend(cache()).cache;
  const sent = await ali.sends("راز");
  expect(JSON.stringify(await bot.exportUser(ali.id))).toContain("راز");
  await bot.forget(ali.id);
  expect([met.user(ali.id), met.chat(ali.id), met.message(ali.id, sent.message_id)]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test("handlers and the bot read the same cache, and each bot has its own", async () => {
  const one = stage();
  const other = stage();
  const remembering = cache();
  const bots = [one.bot.extend(remembering), other.bot.extend(remembering)];
  const seen: unknown[] = [];
  bots[0]?.on("message", (ctx) => void seen.push(ctx.cache === bots[0]?.cache));
  await one.ali.sends("x");
  expect(seen).toEqual([true]);
  expect(bots.map((each) => [...each.cache.users()].some(({ id }) => id === one.ali.id))).toEqual([
    true,
    false,
  ]);
});

test("a second cache, a size that cannot be one, and asking before there is a bot are refused", async () => {
  expect(() => stage().bot.extend(cache()).extend(cache())).toThrow('"cache" is already here');
  expect(() => cache({ users: 0 })).toThrow(expect.objectContaining({ code: "ERR_BALE_OPTION" }));
  const apart = new Composer().extend(cache());
  const read: unknown[] = [];
  apart.use((ctx) => void read.push(ctx.cache.getChat(1)));
  await apart.dispatch(new Context({ update_id: 1 }, {} as never));
  await expect(read[0]).rejects.toThrow("is in no bot yet");
});
