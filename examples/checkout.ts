// Takes an order: a form, an invoice and its payment, in one function that goes on after a restart.
//
//   npm start -- examples/checkout.ts      the browser plays the wallet; no money moves
//
// The order itself is in talks/checkout.ts. What the orders are at is kept in the folder that BOT_DATA names, and in one
// inside it the payments that no order waited for.
import { conversations } from "@balekit/conversation";
import { file } from "@balekit/storage/file";
import { Bot } from "balekit";
import { checkout } from "./talks/checkout.js";

const folder = process.env.BOT_DATA ?? "data/checkout";
const storage = file(folder);
const unclaimed = file(`${folder}/unclaimed`);
const bot = new Bot(process.env.BALE_TOKEN).extend(conversations({ definitions: [checkout], storage }));

bot.command("start", (ctx) => ctx.reply("چای تازه داریم! /buy"));

bot.command("buy", async (ctx) => {
  await ctx.conversation.enter(checkout);
});

// An invoice of an order that is over, or was cancelled: nobody waits for it any more.
bot.on("pre_checkout_query", (ctx) => ctx.answerPreCheckout(false, "این سفارش دیگر معتبر نیست."));

// Between the answer to the wallet and the payment somebody may cancel, or the day may be over. Then the money is here and
// no order waits for it: it is written down, once however often it is told, and the buyer hears what comes next.
bot.on("successful_payment", async (ctx) => {
  const { telegram_payment_charge_id: id, total_amount } = ctx.payment;
  const written = await unclaimed.set(id, { ...ctx.payment, from: ctx.from }, { ifVersion: null });
  if (!written.ok) return;
  console.error(`paid, but no order waits for it: ${id}, ${total_amount} rials of user ${ctx.from?.id}`);
  await ctx.reply(
    `${total_amount.toLocaleString("fa")} ریال رسید، ولی سفارش بسته شده بود. پرداخت را با شمارهٔ ${id} ثبت کردیم و برای فرستادن کالا یا بازگرداندن پول خبرتان می‌کنیم.`,
  );
});

await bot.run();
