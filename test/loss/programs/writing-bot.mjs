// A worker of a bot on many machines, in a process of its own: `writing-bot.mjs <setting as JSON>`. Its handler reads a
// value, waits for a file, writes what it made of the value by compare-and-set, and writes into the ledger what came of that
// and of its signal.
import { existsSync, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { setTimeout as later } from "node:timers/promises";
import { rabbitInbox } from "@balekit/rabbitmq";
import { sqlite } from "@balekit/storage/sqlite";
import { Bot } from "balekit";

/** @type {{ apiRoot: string; token: string; ledger: string; rabbit: { url: string; prefix: string; heartbeatSeconds: number }; database: string; gate: string }} */
const setting = JSON.parse(process.argv[2]);
const ledger = openSync(setting.ledger, "a");
const note = (line) => void writeSync(ledger, `${line} ${process.pid}\n`);

const Libsql = createRequire(import.meta.url)("libsql");
const store = sqlite(new Libsql(setting.database));
const { url, ...options } = setting.rabbit;
const bot = new Bot(setting.token, { inbox: rabbitInbox(url, options), api: { apiRoot: setting.apiRoot } });

bot.on("message:text", async (ctx) => {
  const found = await store.get("balance");
  note("begin");
  while (!existsSync(setting.gate)) await later(10);
  const { ok } = await store.set("balance", process.pid, { ifVersion: found?.version ?? null });
  note(ok ? "written" : "refused");
  // Whoever was replaced is told when it notices; who was not is never told.
  for (let waitedMs = 0; !ctx.signal.aborted && waitedMs < (ok ? 500 : 60_000); waitedMs += 10)
    await later(10);
  note(ctx.signal.aborted ? "aborted" : "free");
});

await bot.start({ role: "work" });
note("ready");
