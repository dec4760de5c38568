import { emulator } from "@balekit/emulator";
import { Bot } from "balekit";
import { describe, expect, onTestFinished, test } from "vitest";

function stage() {
  const bale = emulator();
  const bot = new Bot(bale.token);
  const errors: unknown[] = [];
  bot.catch((error) => void errors.push(error.cause));
  bale.attach(bot);
  onTestFinished(() => bot.stop({ graceMs: 0 }));
  const ali = bale.user({ first_name: "Ali" });
  return { bale, bot, ali, errors };
}

describe("the events of python-bale-bot", () => {
  test("message, message_edit and callback come under their old names, each after update", async () => {
    const { bot, ali, errors } = stage();
    const seen: string[] = [];
    bot.on("update", async (_ctx, next) => {
      seen.push("update");
      await next();
    });
    bot.on("message", async (ctx) => {
      seen.push(`message ${ctx.content}`);
      await ctx.reply("x", { reply_markup: { inline_keyboard: [[{ text: "b", callback_data: "d" }]] } });
    });
    bot.on("message_edit", (ctx) => void seen.push(`message_edit ${ctx.content}`));
    bot.on("callback", (ctx) => void seen.push(`callback ${ctx.callbackQuery.data}`));
    const sent = await ali.sends("یک");
    await ali.edits(sent, "دو");
    await ali.presses("b");
    expect(errors).toEqual([]);
    expect(seen).toEqual(["update", "message یک", "update", "message_edit دو", "update", "callback d"]);
  });

  test("member_chat_join and member_chat_leave tell who it was", async () => {
    const { bale, bot, ali, errors } = stage();
    const group = bale.group({ title: "g" });
    const seen: unknown[] = [];
    bot.on("member_chat_join", (ctx) => void seen.push(["join", ctx.member?.id, ctx.chat?.id]));
    bot.on("member_chat_leave", (ctx) => void seen.push(["leave", ctx.member?.id, ctx.chat?.id]));
    await ali.joins(group);
    await ali.leaves(group);
    expect([errors, seen]).toEqual([
      [],
      [
        ["join", ali.id, group.id],
        ["leave", ali.id, group.id],
      ],
    ]);
  });

  test("successful_payment tells who has paid how much for what", async () => {
    const { bot, ali, errors } = stage();
    const seen: unknown[] = [];
    bot.command("donate", (ctx) =>
      ctx.replyWithInvoice({
        title: "کمک",
        description: "کمک به ما",
        payload: `from-${ctx.from?.id}`,
        provider_token: "WALLET-TEST-1111111111111111",
        prices: [{ label: "کمک", amount: 20_000 }],
      }),
    );
    bot.on("pre_checkout_query", (ctx) => ctx.answerPreCheckout(true));
    bot.on("successful_payment", (ctx) => {
      const { invoice_payload, total_amount, currency } = ctx.payment ?? {};
      seen.push(ctx.from?.id, ctx.chat?.id, invoice_payload, total_amount, currency);
    });
    await ali.sends("/donate");
    await ali.pays(ali.inbox.last);
    expect([errors, seen]).toEqual([[], [ali.id, ali.id, `from-${ali.id}`, 20_000, "IRR"]]);
  });

  test("before_ready is over before ready begins, and both before the first update", async () => {
    const { bot, ali, errors } = stage();
    const seen: string[] = [];
    bot.on("before_ready", async () => {
      await Promise.resolve();
      seen.push("before_ready");
    });
    bot.on("ready", () => void seen.push(`ready ${bot.me.is_bot}`));
    bot.on("message", () => void seen.push("message"));
    await ali.sends("x");
    expect(errors).toEqual([]);
    expect(seen[0]).toBe("before_ready");
    expect(seen).toContain("message");
  });

  test("what Bale does not document stays in the raw update, whatever kind it is", async () => {
    const { bot, errors } = stage();
    let update: unknown;
    bot.use((ctx) => {
      update = ctx.update;
    });
    const novelty = { update_id: 1_000_000, novelty: { deep: [1] } };
    await bot.handle(novelty as never);
    expect([errors, update]).toEqual([[], novelty]);
  });
});
