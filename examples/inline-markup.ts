// Buttons below a message, and buttons in place of the keyboard.
//
//   npm start -- examples/inline-markup.ts
import { Bot, InlineKeyboard, Keyboard } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);

// Buttons below a message: the first row sends data back to the bot, the second opens pages.
function voteKeyboard(votes: number): InlineKeyboard {
  return new InlineKeyboard()
    .text(`👍 ${votes}`, `vote/${votes + 1}`)
    .text("پاک کن", "delete")
    .row()
    .url("سایت بله", "https://bale.ai")
    .url("مستندات", "https://docs.bale.ai");
}

bot.command("start", (ctx) => ctx.reply("این پیام را می‌پسندی؟", { reply_markup: voteKeyboard(0) }));

// A pattern: `:votes` matches the number in "vote/7". The message is edited, not sent again.
bot.callback("vote/:votes", async (ctx) => {
  const votes = Number(ctx.params.votes);
  await ctx.edit("این پیام را می‌پسندی؟", { reply_markup: voteKeyboard(votes) });
  await ctx.answer("رأی تو ثبت شد");
});

// A press that is not answered keeps spinning on the user's screen; the bot answers this one by itself.
bot.callback("delete", (ctx) => ctx.delete());

// Buttons in place of the keyboard: pressing one sends its label as a message.
bot.command("keyboard", (ctx) =>
  ctx.reply("یکی را انتخاب کن:", {
    reply_markup: new Keyboard().text("نشانی سایت").text("نشانی مستندات").row().text("بستن"),
  }),
);
bot.hears("نشانی سایت", (ctx) => ctx.reply("https://bale.ai"));
bot.hears("نشانی مستندات", (ctx) => ctx.reply("https://docs.bale.ai"));
bot.hears("بستن", (ctx) => ctx.reply("صفحه‌کلید بسته شد.", { reply_markup: Keyboard.remove() }));

await bot.run();
