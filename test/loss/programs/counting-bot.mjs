// A worker of a bot on many machines, in a process of its own: `counting-bot.mjs <setting as JSON>`. Counts every update in
// a session that all chats share, read and written with a wait in between, and writes a line into the ledger for each.
import { openSync, writeSync } from "node:fs";
import { setTimeout as later } from "node:timers/promises";
import { rabbitInbox } from "@balekit/rabbitmq";
import { session } from "@balekit/session";
import { redis } from "@balekit/storage/redis";
import { Bot } from "balekit";
import { Redis } from "ioredis";

/** @type {{ apiRoot: string; token: string; ledger: string; url: string; prefix: string; redisPort: number }} */
const setting = JSON.parse(process.argv[2]);
const ledger = openSync(setting.ledger, "a");
const note = (line) => void writeSync(ledger, `${line}\n`);

const inbox = rabbitInbox(setting.url, { prefix: setting.prefix, partitions: 4 });
const client = new Redis(setting.redisPort, "127.0.0.1");
const counting = new Bot(setting.token, { inbox, api: { apiRoot: setting.apiRoot } });
const bot = counting.extend(
  session({ initial: () => ({ count: 0 }), storage: redis(client), key: () => "shared" }),
);

bot.command("count", async (ctx) => {
  await ctx.reply(`${ctx.session.count}`);
});
bot.on("message:text", async (ctx) => {
  note(`begin ${ctx.text} ${process.pid}`);
  await ctx.session.update(async (data) => {
    const { count } = data;
    await later(2);
    data.count = count + 1;
  });
  note(`end ${ctx.text} ${process.pid}`);
});

await bot.run({ role: "work" });
await client.quit();
