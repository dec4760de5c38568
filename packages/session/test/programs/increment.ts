// Adds one for each of some chats that share a session: increment.mjs <store> <address>
// Is told what to do by messages, and answers each with what came of it.
import { Bot, type Inbox, type Storage, type Update } from "balekit";
import { sqliteInbox } from "balekit/inbox";
import { postgres } from "@balekit/storage/postgres";
import { redis } from "@balekit/storage/redis";
import { sqlite } from "@balekit/storage/sqlite";
import { Redis } from "ioredis";
import Database from "libsql";
import pg from "pg";
import { session } from "@balekit/session";

/** What to do: for how many chats, from which on, and how. */
export interface Task {
  readonly first: number;
  readonly chats: number;
  /** `inbox`: plain changes, with an inbox that tries again. */
  readonly way: "update" | "plain" | "inbox";
  /** Where the inbox lies. */
  readonly inbox: string;
}

/** What came of it. */
export interface Outcome {
  /** Handlers that saw no error. */
  readonly fine: number;
  /** Handlers that were refused because another was first. */
  readonly refused: number;
  /** Anything else that was thrown, as text. */
  readonly unexpected: readonly string[];
  /** Updates that the inbox gave up. */
  readonly dead: number;
}

const [store = "", address = ""] = process.argv.slice(2);
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

const me = { id: 1000, is_bot: true, first_name: "bot", username: "counting_bot" };

/** A Bale that has one message of each chat to give. */
function bale(updates: readonly Update[]): NonNullable<ConstructorParameters<typeof Bot>[1]>["api"] {
  const poll = async (offset: number, signal: AbortSignal | undefined): Promise<readonly Update[]> => {
    const fresh = updates.filter(({ update_id }) => update_id >= offset);
    if (fresh.length > 0) return fresh;
    await later(20);
    signal?.throwIfAborted();
    return [];
  };
  return {
    transport: {
      send: async (call) => {
        if (call.method === "getMe") return { ok: true, result: me };
        if (call.method === "getWebhookInfo") return { ok: true, result: { url: "" } };
        if (call.method !== "getUpdates") return { ok: true, result: true };
        return { ok: true, result: await poll(call.params.offset ?? 0, call.options.signal) };
      },
      download: () => Promise.reject(new Error("no files here")),
      close: async () => {},
    },
  };
}

async function run(storage: Storage, task: Task): Promise<Outcome> {
  const { first, chats, way } = task;
  const updates = Array.from({ length: chats }, (_, at) => textOf(first + at));
  const database = way === "inbox" ? new Database(task.inbox) : undefined;
  const inbox: Inbox | undefined = database && sqliteInbox(database);
  const bot = new Bot("1000:not-a-real-secret", { api: bale(updates), inbox });
  let fine = 0;
  let refused = 0;
  const unexpected: string[] = [];
  bot.catch(({ cause }) => {
    if ((cause as { code?: string }).code !== "ERR_BALE_SESSION_CONFLICT") unexpected.push(String(cause));
  });
  bot.use(async (_ctx, next) => {
    try {
      await next();
      fine++;
    } catch (error) {
      refused++;
      throw error;
    }
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
  let dead = 0;
  if (inbox === undefined) {
    await Promise.all(updates.map((update) => bot.handle(update)));
  } else {
    await bot.start();
    for (const limit = Date.now() + 100_000; Date.now() < limit; await later(20)) {
      const { pending, dead: setAside = 0 } = inbox.health();
      dead = setAside;
      if (fine + dead + unexpected.length >= chats && pending === 0) break;
    }
  }
  await bot.stop();
  database?.close();
  return { fine, refused, unexpected, dead };
}

function textOf(chat: number): Update {
  const message = {
    message_id: 1,
    date: 0,
    text: "add",
    chat: { id: chat, type: "private" },
    from: { id: chat },
  };
  return { update_id: chat, message } as unknown as Update;
}

const { storage, close } = open();
process.on("message", (task: Task) => {
  run(storage, task).then(
    (outcome) => process.send?.(outcome),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
});
process.on("disconnect", () => {
  void Promise.resolve(close()).finally(() => process.exit());
});
