// A bot that loses nothing when it is killed, and tries again what has failed.
//
//   npm start -- examples/inbox.ts      opens it in your browser; no token needed
//
// Updates are written into a SQLite file before Bale is told that they have arrived. Kill the bot in the middle of
// "/bake" with `kill -9`, start it again, and the cake is baked all the same.
import { Bot } from "balekit";
import { sqliteInbox } from "balekit/inbox";
import Database from "libsql";

const database = new Database(process.env.DATABASE ?? "inbox-example.db");
const bot = new Bot(process.env.BALE_TOKEN, {
  inbox: sqliteInbox(database),
  // A handler that throws gets its update again, a second later and then less and less often.
  retries: { attempts: 3 },
});

bot.command("bake", async (ctx) => {
  await ctx.reply("کیک در فر است…");
  await new Promise((done) => setTimeout(done, Number(process.env.BAKE_MS ?? 5_000)));
  // A handler may run again after a crash, so what it does here should do no harm twice.
  await ctx.reply("کیک آماده است!");
});

// Fails for good: after the third attempt the update is set aside.
bot.command("break", () => {
  throw new Error("the oven does not work");
});

// What was set aside is kept until somebody decides: `bot.inbox.retry(id)` or `bot.inbox.drop(id)`.
bot.command("broken", async (ctx) => {
  const dead = await bot.inbox.dead();
  for (const { id } of dead) await bot.inbox.drop(id);
  await ctx.reply(`کارهای کنارگذاشته: ${dead.length}`);
});

// Told of every attempt; `retryInMs` is there when another follows.
bot.catch((error) => {
  const next = error.retryInMs === undefined ? "set aside" : `again in ${error.retryInMs} ms`;
  console.error(`attempt ${error.attempt}: ${error.message} (${next})`);
});

await bot.run();
// Whoever opened the file closes it, after the bot has stopped.
database.close();
