// Asks questions and waits for the answers.
//
//   npm start -- examples/conversation.ts
//
// `waitFor` waits in memory: if the program is stopped in between, the conversation is forgotten.
import { Bot } from "balekit";

const bot = new Bot(process.env.BALE_TOKEN);

bot.command("start", async (ctx) => {
  await ctx.reply("سلام! نامت چیست؟");

  // The next text message of this user in this chat: what others say in a group is no answer.
  const name = await ctx.waitFor("message:text");

  await name.reply(`خوشوقتم ${name.text}! چند سال داری؟ ده ثانیه وقت داری.`);
  try {
    const age = await ctx.waitFor("message:text", { timeoutMs: 10_000 });
    await age.reply(`${name.text}، ${age.text} ساله. یادم می‌ماند!`);
  } catch (error) {
    // Only running out of time is expected here; anything else is for bot.catch.
    if (!(error instanceof Error && error.name === "WaitTimeoutError")) throw error;
    await ctx.reply("دیر شد! هر وقت خواستی دوباره /start را بفرست.");
  }
});

await bot.run();
