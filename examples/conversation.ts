// Asks questions and waits for the answers. Stop the program in between and start it again: it goes on.
//
//   npm start -- examples/conversation.ts
//
// The conversation itself is in talks/greeting.ts. What it is at is kept in the folder that BOT_DATA names.
import { conversations } from "@balekit/conversation";
import { file } from "@balekit/storage/file";
import { Bot } from "balekit";
import { greeting } from "./talks/greeting.js";

const storage = file(process.env.BOT_DATA ?? "data/conversation");
const bot = new Bot(process.env.BALE_TOKEN).extend(conversations({ definitions: [greeting], storage }));

bot.command("start", async (ctx) => {
  await ctx.conversation.enter(greeting);
});

await bot.run();
