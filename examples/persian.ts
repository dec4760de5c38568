// Amounts, dates and mobile numbers as people type them.
//
//   npm start -- examples/persian.ts      opens it in your browser; no token needed
import {
  formatAmount,
  formatJalali,
  parseAmount,
  parseJalali,
  parseMobile,
  persianNormalizer,
  toJalali,
} from "@balekit/persian";
import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN, { normalizeText: persianNormalizer() });

// However «می‌خواهم» is typed.
bot.hears("می‌خواهم", (ctx) => ctx.reply("مبلغ، تاریخ یا شماره‌ای بنویس."));

bot.on("message:text", async (ctx) => {
  const amount = parseAmount(ctx.text);
  const day = parseJalali(ctx.text, { today: toJalali(bot.clock.now()) });
  const mobile = parseMobile(ctx.text);
  if (amount !== undefined) await ctx.reply(formatAmount(amount.rials, { words: true }));
  else if (mobile !== undefined) await ctx.reply(mobile);
  else if (day !== undefined) await ctx.reply(formatJalali(day, { style: "full" }));
  else await ctx.reply("نفهمیدم.");
});

await bot.run();
