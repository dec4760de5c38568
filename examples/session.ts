// Remembers each person: the language they chose, and how often they have come.
//
//   npm start -- examples/session.ts
//
// What is remembered lies in a folder and is still there after a restart.
import { tmpdir } from "node:os";
import { join } from "node:path";
import { session } from "@balekit/session";
import { file } from "@balekit/storage/file";
import { Bot, InlineKeyboard } from "balekit";

const folder = process.env.BOT_DATA ?? join(tmpdir(), "balekit-example-session");
const storage = file(folder);

const texts = {
  fa: {
    hello: (visits: number) => `سلام! بار ${visits.toLocaleString("fa")} است که می‌آیی.`,
    chosen: "از این پس فارسی.",
  },
  en: { hello: (visits: number) => `Hello! This is visit ${visits}.`, chosen: "English from now on." },
};

const bot = new Bot(process.env.BALE_TOKEN);
bot.catch((error) => console.error(error));

// One session for each person, the same in every chat. What `initial` makes is what `ctx.session` is.
const person = bot.extend(
  session({ key: "user", storage, initial: () => ({ language: "fa" as "fa" | "en", visits: 0 }) }),
);

// A change is an assignment. It is written when the handler is done, and not at all when it throws.
person.command("start", async (ctx) => {
  ctx.session.visits += 1;
  await ctx.reply(texts[ctx.session.language].hello(ctx.session.visits));
});

person.command("language", (ctx) =>
  ctx.reply("زبان؟ Language?", {
    reply_markup: new InlineKeyboard().text("فارسی", "language/fa").text("English", "language/en"),
  }),
);

person.callback("language/:language", async (ctx) => {
  ctx.session.language = ctx.params.language === "en" ? "en" : "fa";
  await ctx.edit(texts[ctx.session.language].chosen);
});

// Asked for by the person: everything that plugins keep about them goes.
person.command("forget", async (ctx) => {
  if (ctx.from === undefined) return;
  await bot.forget(ctx.from.id);
  await ctx.reply("فراموش شد. Forgotten.");
});

await bot.run();
await storage.close();
