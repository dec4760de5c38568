// Takes an order: a form, an invoice and its payment, in one function that goes on after a restart.
//
//   npm start -- examples/checkout.ts      the browser plays the wallet; no money moves
//
// The order itself is in talks/checkout.ts. What the orders are at is kept in the folder that BOT_DATA names.
import { conversations } from "@balekit/conversation";
import { file } from "@balekit/storage/file";
import { Bot } from "balekit";
import { checkout } from "./talks/checkout.js";

const storage = file(process.env.BOT_DATA ?? "data/checkout");
const bot = new Bot(process.env.BALE_TOKEN).extend(conversations({ definitions: [checkout], storage }));

bot.command("start", (ctx) => ctx.reply("چای تازه داریم! /buy"));

bot.command("buy", async (ctx) => {
  await ctx.conversation.enter(checkout);
});

// An invoice of an order that is over, or was cancelled: nobody waits for it any more.
bot.on("pre_checkout_query", (ctx) => ctx.answerPreCheckout(false, "این سفارش دیگر معتبر نیست."));

await bot.run();
