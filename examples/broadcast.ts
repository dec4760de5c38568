// Writes news to everybody who has started the bot, no faster than Bale takes it, and goes on answering meanwhile.
//
//   npm start -- examples/broadcast.ts
//
// Send /start as a few people, then /news and a text. Everybody who starts is remembered until the program ends; a
// real bot keeps them in a storage, and lets only its owner send news.
import { Bot, ForbiddenError, NotFoundError, QueueClosedError, throttling } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN).extend(throttling());

const readers = new Set<number>();

bot.chatType("private").command("start", async (ctx) => {
  readers.add(ctx.chatId);
  await ctx.reply("خوش آمدی! خبرها را برایت می‌فرستم.");
});

bot.chatType("private").command("news", async (ctx) => {
  if (ctx.match === "") {
    await ctx.reply("بعد از /news متن خبر را بنویس.");
    return;
  }
  await ctx.reply(`برای ${readers.size} نفر می‌فرستم.`);
  // Not awaited: a handler that takes an hour would hold up this chat. Its faults have nobody else to hear them.
  void broadcast(ctx.match).then(
    ({ sent, gone }) => ctx.reply(`به ${sent} نفر رسید؛ ${gone} نفر دیگر اینجا نیستند.`),
    (error: unknown) => console.error("The broadcast ended early:", error),
  );
});

async function broadcast(text: string): Promise<{ sent: number; gone: number }> {
  let sent = 0;
  let gone = 0;
  for (const chat_id of [...readers]) {
    try {
      await bot.api.sendMessage({ chat_id, text }, { priority: "broadcast" });
      sent++;
    } catch (error) {
      // The bot is stopping: the rest is not sent.
      if (error instanceof QueueClosedError) break;
      // Blocked, or gone: normal life, and no reason to stop for.
      if (!(error instanceof ForbiddenError || error instanceof NotFoundError)) throw error;
      readers.delete(chat_id);
      gone++;
    }
  }
  return { sent, gone };
}

await bot.run();
