// Adds one for each of some chats that share a session: increment.ts <store> <address> <first chat> <chats> <update|plain>
// Prints how many handlers saw no error.
import { createRequire } from "node:module";
import { Bot, type Storage, type Update } from "balekit";
import { postgres } from "@balekit/storage/postgres";
import { redis } from "@balekit/storage/redis";
import { sqlite, type SqliteDatabase } from "@balekit/storage/sqlite";
import { Redis } from "ioredis";
import pg from "pg";
import { session } from "@balekit/session";

const [store = "", address = "", first = "", chats = "", way = ""] = process.argv.slice(2);
const SLOW_MS = 5;

/** A store of this kind, and how to let go of it. */
function open(): { storage: Storage; close: () => unknown } {
  if (store === "redis") {
    const client = new Redis(Number(address), "127.0.0.1");
    return { storage: redis(client), close: () => client.disconnect() };
  }
  if (store === "postgres") {
    const pool = new pg.Pool({ connectionString: address, max: 5 });
    return { storage: postgres(pool), close: () => pool.end() };
  }
  const Database = createRequire(import.meta.url)("libsql") as new (
    path: string,
  ) => SqliteDatabase & { close(): void };
  const database = new Database(address);
  return { storage: sqlite(database), close: () => database.close() };
}

const later = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The same store, each answer `SLOW_MS` later. */
function slowed(storage: Storage): Storage {
  return {
    get: async (key) => later(SLOW_MS).then(() => storage.get(key)),
    set: async (key, value, options) => later(SLOW_MS).then(() => storage.set(key, value, options)),
    delete: async (key, options) => later(SLOW_MS).then(() => storage.delete(key, options)),
    keys: (prefix) => storage.keys(prefix),
  };
}

void (async () => {
  const { storage, close } = open();
  const me = { id: 1000, is_bot: true, first_name: "bot", username: "counting_bot" };
  const bot = new Bot("1000:not-a-real-secret", {
    api: {
      transport: {
        send: async ({ method }) => ({ ok: true, result: method === "getMe" ? me : true }),
        download: () => Promise.reject(new Error("no files here")),
        close: async () => {},
      },
    },
  });
  let fine = 0;
  const unexpected: unknown[] = [];
  bot.catch(({ cause }) => {
    if ((cause as { code?: string }).code !== "ERR_BALE_SESSION_CONFLICT") unexpected.push(cause);
  });
  bot.use(async (_ctx, next) => {
    await next();
    fine++;
  });
  const counting = bot.extend(
    session({ initial: () => ({ count: 0 }), storage: slowed(storage), key: () => "shared" }),
  );
  counting.on("message:text", async (ctx) => {
    if (way === "update") {
      await ctx.session.update(async (data) => {
        const { count } = data;
        await later(1);
        data.count = count + 1;
      });
      return;
    }
    const { count } = ctx.session;
    await later(1);
    ctx.session.count = count + 1;
  });
  const update = (chat: number): Update =>
    ({
      update_id: chat,
      message: {
        message_id: 1,
        date: 0,
        text: "add",
        chat: { id: chat, type: "private" },
        from: { id: chat },
      },
    }) as unknown as Update;
  await Promise.all(Array.from({ length: Number(chats) }, (_, at) => bot.handle(update(Number(first) + at))));
  await bot.stop();
  await close();
  if (unexpected.length > 0) throw new AggregateError(unexpected, String(unexpected[0]));
  console.log(fine);
})();
