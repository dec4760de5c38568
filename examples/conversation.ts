// Asks questions and waits for the answers. Stop the program in between and start it again: it goes on.
//
//   npm start -- examples/conversation.ts
//
// What the conversations are at is kept in the folder that BOT_DATA names.
import { conversation, conversations, WaitExpiredError } from "@balekit/conversation";
import { file } from "@balekit/storage/file";
import { Bot } from "balekit";

const greeting = conversation("greeting", async (c, ctx) => {
  // The next text of this user in this chat: what others say in a group is no answer, and neither is a command.
  const name = await c.ask.text("name", "سلام! نامت چیست؟", { max: 40 });
  try {
    const age = await c.ask.integer("age", `خوشوقتم ${name}! چند سال داری؟ ده ثانیه وقت داری.`, {
      min: 1,
      max: 120,
      timeoutMs: 10_000,
    });
    await ctx.reply(`${name}، ${age.toLocaleString("fa")} ساله. یادم می‌ماند!`);
  } catch (error) {
    // Only running out of time is expected here; anything else is for bot.catch.
    if (!(error instanceof WaitExpiredError)) throw error;
    await ctx.reply("دیر شد! هر وقت خواستی دوباره /start را بفرست.");
  }
});

const storage = file(process.env.BOT_DATA ?? "data/conversation");
const bot = new Bot(process.env.BALE_TOKEN).extend(conversations({ definitions: [greeting], storage }));

bot.command("start", async (ctx) => {
  await ctx.conversation.enter(greeting);
});

await bot.run();
