// Asks questions and waits for the answers.
//
//   npm start -- examples/conversation.ts
//
// `waitFor` waits in memory: if the program is stopped in between, the conversation is forgotten.
import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);

bot.command("start", async (ctx) => {
  await ctx.reply("سلام! نامت چیست؟");

  // The next text message of this chat. In a group others talk too, so we look at who wrote it.
  const name = await ctx.waitFor("message:text", { check: (answer) => answer.from?.id === ctx.from?.id });

  await name.reply(`خوشوقتم ${name.text}! چند سال داری؟ ده ثانیه وقت داری.`);
  try {
    const age = await ctx.waitFor("message:text", {
      check: (answer) => answer.from?.id === ctx.from?.id,
      timeoutMs: 10_000,
    });
    await age.reply(`${name.text}، ${age.text} ساله. یادم می‌ماند!`);
  } catch (error) {
    // Only running out of time is expected here; anything else is for bot.catch.
    if (!(error instanceof Error && error.name === "WaitTimeoutError")) throw error;
    await ctx.reply("دیر شد! هر وقت خواستی دوباره /start را بفرست.");
  }
});

await bot.run();
