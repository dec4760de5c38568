// A bot in a process of its own that is asked to end: `draining-bot.mjs <setting as JSON>`. Its handlers take a while, and
// write a line into the ledger when they begin, when they end, and when their signal aborts.
import { existsSync, openSync, writeSync } from "node:fs";
import { createRequire } from "node:module";
import { Bot } from "balekit";
import { sqliteInbox } from "balekit/inbox";

/**
 * @type {{ apiRoot: string; token: string; ledger: string; name: string; workMs: number | "gate"; gate: string; graceMs?: number; database?: string }}
 * `workMs` is how long a handler takes: `"gate"` until a file is there, whose path is `gate`. `name` goes into the ledger; `database` is the SQLite file of the inbox, absent for memory.
 */
const setting = JSON.parse(process.argv[2]);
const ledger = openSync(setting.ledger, "a");
const note = (line) => void writeSync(ledger, `${setting.name} ${line}\n`);

const Libsql = createRequire(import.meta.url)("libsql");
const database = setting.database === undefined ? undefined : new Libsql(setting.database);
const options = database === undefined ? {} : { inbox: sqliteInbox(database, { busyTimeoutMs: 200 }) };
const bot = new Bot(setting.token, { ...options, api: { apiRoot: setting.apiRoot } });

bot.on("message:text", async (ctx) => {
  note(`begin ${ctx.text}`);
  await new Promise((resolve, reject) => {
    const pass = () => {
      if (!existsSync(setting.gate)) return;
      clearInterval(timer);
      resolve();
    };
    const timer = setting.workMs === "gate" ? setInterval(pass, 10) : setTimeout(resolve, setting.workMs);
    ctx.signal?.addEventListener("abort", () => {
      clearTimeout(timer);
      note(`aborted ${ctx.text}`);
      reject(new Error("aborted", { cause: ctx.signal?.reason }));
    });
  });
  note(`end ${ctx.text}`);
});

let last = "";
setInterval(() => {
  const { state } = bot.health();
  if (state !== last) note(`health ${state}`);
  last = state;
}, 20).unref();

await bot.run({ pollTimeoutMs: 2_000, graceMs: setting.graceMs });
database?.close();
note("closed");
