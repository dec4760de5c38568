// The conversation of examples/conversation.ts, in a file that starts nothing: so it can be tested by itself.
import { conversation, WaitExpiredError } from "@balekit/conversation";

/** Asks for a name and an age. */
export const greeting = conversation("greeting", async (c, ctx) => {
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
