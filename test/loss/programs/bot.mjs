// A bot in a process of its own: `bot.mjs <setting as JSON>`. Writes a line into the ledger when a handler begins and one
// when it ends, with its process id; each line is one write, so that no kill tears it.
import { openSync, writeSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { setTimeout as later } from "node:timers/promises";
import { rabbitInbox } from "@balekit/rabbitmq";
import { Bot } from "balekit";
import { sqliteInbox } from "balekit/inbox";

/**
 * @typedef {{ url: string; prefix: string; heartbeatSeconds: number }} Rabbit
 * @type {{ apiRoot: string; token: string; ledger: string; way: "polling" | "webhook"; database?: string; port?: number; rabbit?: Rabbit; role?: "ingest" | "work"; slowness?: number }}
 * `database` is the SQLite file of the inbox and `rabbit` one on RabbitMQ, both absent for memory; `port` is where the
 * webhook listens, the same in every life; handlers take up to 32 ms, times `slowness`.
 */
const setting = JSON.parse(process.argv[2]);
const ledger = openSync(setting.ledger, "a");
const note = (line) => void writeSync(ledger, `${line}\n`);

function inbox() {
  if (setting.rabbit !== undefined) {
    const { url, ...options } = setting.rabbit;
    return rabbitInbox(url, options);
  }
  if (setting.database === undefined) return undefined;
  const Libsql = createRequire(import.meta.url)("libsql");
  return sqliteInbox(new Libsql(setting.database), { busyTimeoutMs: 200 });
}
const bot = new Bot(setting.token, { inbox: inbox(), api: { apiRoot: setting.apiRoot } });

bot.on("message:text", async (ctx) => {
  note(`begin ${ctx.text} ${process.pid}`);
  await later((2 + (ctx.update.update_id % 7) * 5) * (setting.slowness ?? 1));
  note(`end ${ctx.text} ${process.pid}`);
});

let last = "";
setInterval(() => {
  const { inbox } = bot.health();
  const state = `${inbox?.state ?? "none"}`;
  if (state !== last) note(`health ${state}`);
  last = state;
}, 20).unref();

if (setting.way === "polling") await bot.run({ pollTimeoutMs: 2_000, role: setting.role });
else {
  const hook = bot.webhook();
  const server = createServer(hook.node);
  server.listen(setting.port, "127.0.0.1", () => {
    void bot.init().then(() => {
      const { port } = server.address();
      return bot.api.setWebhook({ url: `http://127.0.0.1:${port}${hook.path}` });
    });
  });
  process.once("SIGTERM", () => {
    server.close();
    void bot.stop();
  });
}
