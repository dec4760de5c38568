import { emulator } from "@balekit/emulator";
import { cache, hydrate } from "@balekit/hydrate";
import { Bot, type BotError, type Context, ForbiddenError, messageDate, NotFoundError } from "balekit";
import { describe, expect, onTestFinished, test } from "vitest";

function stage() {
  const bale = emulator();
  const bot = new Bot(bale.token);
  bale.attach(bot);
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  return { bale, bot, errors, ali: bale.user({ first_name: "Ali" }) };
}

describe("what python-bale-bot 2.5.0 breaks", () => {
  test("what the bot has met can be asked for before it has met anybody, and who it is says when it can be", async () => {
    const { bale } = stage();
    const bot = new Bot(bale.token).extend(cache());
    expect([...bot.cache.users()]).toEqual([]);
    expect(() => bot.me).toThrow(/bot\.me: not known yet.*bot\.init/);
    bot.connect({ transport: bale.transport() });
    await bot.init();
    expect(bot.cache.user(bot.me.id)).toEqual(bale.bot);
  });

  test("waits take the names that handlers take, old ones included, and no others", async () => {
    const { bot, ali, errors } = stage();
    const heard: (string | undefined)[] = [];
    bot.command("start", async (ctx) => {
      const { callbackQuery } = await ctx.waitFor("callback_query");
      heard.push(callbackQuery.data);
      const edited = await ctx.waitFor("message_edit");
      heard.push(edited.text);
      await ctx.waitFor("edit_message" as never);
    });
    void ali.sends("/start");
    await bot.api.sendMessage({
      chat_id: ali.id,
      text: "؟",
      reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "pressed" }]] },
    });
    await ali.presses("x");
    const own = await ali.sends("یک");
    await ali.edits(own, "دو");
    await expect.poll(() => errors.length).toBe(1);
    expect(heard).toEqual(["pressed", "دو"]);
    expect(errors[0]?.message).toMatch(/edit_message/);
  });

  test("a status of 403 and one of 404 are the errors their names say, over HTTP", async () => {
    const { bale, ali } = stage();
    const { url } = await bale.listen();
    onTestFinished(() => bale.close());
    const bot = new Bot(bale.token, { api: { apiRoot: url } });
    onTestFinished(() => bot.api.close());
    await ali.sends("x");
    ali.blocks();
    await expect(bot.api.sendMessage({ chat_id: ali.id, text: "x" })).rejects.toBeInstanceOf(ForbiddenError);
    await expect(bot.api.getChat({ chat_id: 987_654 })).rejects.toBeInstanceOf(NotFoundError);
  });

  test.each([false, true])(
    "an edit that Bale answers with true gives the message with its ids",
    async (acts) => {
      const { bot, ali, errors } = stage();
      const ids: unknown[] = [];
      const listening: Bot = acts ? (bot.extend(hydrate()) as unknown as Bot) : bot;
      listening.transform(async (call, next) => {
        const reply = await next(call);
        return call.method === "editMessageText" && reply.ok ? { ok: true, result: true } : reply;
      });
      listening.command("start", (ctx) =>
        ctx.reply("a", { reply_markup: { inline_keyboard: [[{ text: "x", callback_data: "x" }]] } }),
      );
      listening.callback("x", async (ctx) => {
        const edited = await ctx.edit("b");
        ids.push([edited.message_id, edited.chat.id]);
      });
      await ali.sends("/start");
      await ali.presses("x");
      expect([errors, ids]).toEqual([[], [[ali.inbox.last.message_id, ali.id]]]);
      expect(ali.inbox.last.text).toBe("b");
    },
  );

  test("a handler stays what it was, and can be registered twice and called by hand", async () => {
    const { bot, ali } = stage();
    const seen: string[] = [];
    const handler = (ctx: Context): void => void seen.push(ctx.text ?? "");
    bot.on("message:text", handler);
    bot.on("edited_message:text", handler);
    const own = await ali.sends("یک");
    await ali.edits(own, "دو");
    handler({ text: "سه" } as Context);
    expect(seen).toEqual(["یک", "دو", "سه"]);
  });

  test("ids, sizes and degrees are numbers, times are moments, and a message can be written and read back", async () => {
    const { bot, ali, errors } = stage();
    const kinds: unknown[] = [];
    const written: string[] = [];
    bot.on("message", ({ message, chat, from }) => {
      kinds.push(
        [message.message_id, chat.id, from?.id, message.location?.latitude].map((each) => typeof each),
      );
      kinds.push(messageDate(message) instanceof Date);
      written.push(JSON.stringify(message));
    });
    const sent = await ali.sendsLocation({ latitude: 35.7, longitude: 51.4 });
    expect(errors).toEqual([]);
    expect(kinds).toEqual([["number", "number", "number", "number"], true]);
    expect(JSON.parse(written[0] ?? "")).toEqual(sent);
  });
});
