import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { emulator } from "@balekit/emulator";
import { Bot, type BotError, memory, once } from "balekit";
import { sqliteInbox } from "balekit/inbox";
import type { SqliteDatabase } from "@balekit/storage/sqlite";
import { afterEach, describe, expect, it } from "vitest";
import { closeAll, closing, frameworks, type Serving, until } from "./serving.js";

const TOKEN = "1000:a-token-that-opens-nothing-at-all-000000";

interface Database extends SqliteDatabase {
  close(): void;
}
const Libsql = createRequire(import.meta.url)("libsql") as new (path: string) => Database;

afterEach(closeAll);

/** A bot with its inbox on disk, a framework in front of it, and a Bale that posts to it. */
async function setUp(serving: Serving) {
  const folder = mkdtempSync(join(tmpdir(), "balekit-webhook-"));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  const path = join(folder, "bot.db");
  const database = new Libsql(path);
  closing.push(() => database.close());
  const bale = emulator({ token: TOKEN });
  const { url } = await bale.listen({ port: 0 });
  closing.push(() => bale.close());
  const bot = new Bot(TOKEN, {
    api: { apiRoot: url },
    inbox: sqliteInbox(database, { busyTimeoutMs: 100 }),
    retries: { firstMs: 50 },
    logger: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
  });
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  closing.push(() => bot.stop({ graceMs: 0 }));
  const hook = bot.webhook();
  const port = await serving(hook);
  const register = (): Promise<string> => hook.register(`http://127.0.0.1:${port}`);
  const ali = bale.user({ first_name: "علی" });
  /** What another process finds in the database. */
  const kept = (): readonly number[] => {
    const other = new Libsql(path);
    try {
      const rows = other.prepare("SELECT id FROM balekit_inbox ORDER BY id").all() as { id: number }[];
      return rows.map(({ id }) => id);
    } finally {
      other.close();
    }
  };
  return { bale, bot, register, ali, database, path, kept, errors };
}

const ONE_EACH = ["node:http", "Express", "Koa", "Fastify", "Hono"] as const;

describe.each(ONE_EACH)("a webhook with an inbox in %s", (name) => {
  const serving = frameworks[name] as Serving;

  it("answers 200 only once the update is on disk, and then at once, while its handler hangs", async () => {
    const { bale, bot, register, ali, path, kept } = await setUp(serving);
    let end = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    const handled: string[] = [];
    bot.on("message:text", async (ctx) => {
      if (ctx.text === "slow") await work;
      handled.push(ctx.text);
    });
    await register();
    await ali.sends("first");
    await until(() => handled.length === 1);
    // Somebody else writes: nothing can be put on disk, so nothing may be answered.
    const other = new Libsql(path);
    other.exec("BEGIN IMMEDIATE");
    await ali.sends("slow");
    await until(() => bot.health().inbox?.state === "degraded");
    expect(bale.deliveries.map(({ status }) => status)).toEqual([200]);
    other.exec("ROLLBACK");
    other.close();
    await until(() => bale.deliveries.length === 2);
    expect(bale.deliveries[1]?.status).toBe(200);
    expect(kept()).toEqual([1, 2]);
    expect(handled).toEqual(["first"]);
    end();
    await until(() => handled.length === 2 && bot.health().inbox?.pending === 0);
  });

  it("a handler that hangs for a quarter of an hour makes Bale post nothing twice", async () => {
    const { bale, bot, register, ali, errors } = await setUp(serving);
    let end = (): void => undefined;
    const work = new Promise<void>((resolve) => {
      end = resolve;
    });
    let runs = 0;
    const handled: string[] = [];
    bot.hears("slow", async () => {
      runs++;
      await work;
    });
    bot.on("message:text", (ctx) => void handled.push(ctx.text));
    await register();
    await ali.sends("slow");
    await until(() => runs === 1);
    const others = Array.from({ length: 20 }, (_, at) => bale.user({ first_name: `User ${at}` }));
    for (const [at, other] of others.entries()) await other.sends(`m${at}`);
    await until(() => handled.length === 20);
    // Long past the time within which Bale wants its answer.
    await bale.clock.advance(15 * 60_000);
    await ali.sends("behind");
    await until(() => bale.pendingUpdates === 0 && bale.deliveries.length === 22);
    end();
    await until(() => handled.includes("behind"));
    expect(bale.deliveries.map(({ update_id, status }) => [update_id, status])).toEqual(
      Array.from({ length: 22 }, (_, at) => [at + 1, 200]),
    );
    expect([runs, errors]).toEqual([1, []]);
  });

  it("does a step of ctx.once once, though the handler fails behind it and Bale posts twice", async () => {
    const { bale, bot, register, ali, errors } = await setUp(serving);
    const once_ = bot.extend(once({ storage: memory() }));
    let grants = 0;
    const attempts: (number | undefined)[] = [];
    once_.hears("buy", async (ctx) => {
      attempts.push(ctx.delivery?.attempt);
      const place = await ctx.once("grant", () => {
        grants++;
        return grants;
      });
      if (attempts.length < 3) throw new Error("not today");
      await ctx.reply(`grant ${place}`);
    });
    await register();
    bale.fault({ kind: "duplicate" });
    await ali.sends("buy");
    await until(() => ali.inbox.texts.includes("grant 1") && bot.health().inbox?.pending === 0);
    expect(bale.deliveries.map(({ update_id, status }) => [update_id, status])).toEqual([
      [1, 200],
      [1, 200],
    ]);
    expect([attempts, grants, errors.length]).toEqual([[1, 2, 3], 1, 2]);
    expect(ali.inbox.texts).toEqual(["grant 1"]);
  });
});

/** Leaves a database room for no more than it has: what SQLite then says is what it says of a disk that is full. */
function fill(database: Database): void {
  database.exec(`PRAGMA max_page_count = ${pages(database)}`);
}

function pages(database: Database): number {
  return (database.prepare("PRAGMA page_count").get() as { readonly page_count: number }).page_count;
}

/** Of two numbers that fit a page, and of more than the room left in it. */
const long = (at: number): string => `${at} ${"ب".repeat(2_000)}`;

describe("a disk that is full", () => {
  it("a webhook is answered with 500, Bale tries again ever more slowly, and nothing is lost", async () => {
    const { bale, bot, register, ali, database, errors } = await setUp(frameworks["Express"] as Serving);
    const handled: string[] = [];
    bot.on("message:text", (ctx) => void handled.push(ctx.text));
    await register();
    await ali.sends("0");
    await until(() => handled.length === 1);
    fill(database);
    for (let at = 1; at <= 6; at++) await ali.sends(long(at));
    await until(() => bale.deliveries.some(({ status }) => status === 500));
    const { state, reasons, inbox } = bot.health();
    expect([state, inbox?.state]).toEqual(["degraded", "degraded"]);
    expect(reasons.join()).toMatch(/The database of the inbox does not work: .*full/i);
    expect(errors.map(({ where }) => where)).toContain("webhook");
    // Once more, and not sooner: Bale waits between two tries, and one post is under way at a time.
    const failed = (): number => bale.deliveries.filter(({ status }) => status === 500).length;
    const before = failed();
    await bale.clock.advance(60_000);
    await until(() => failed() > before);
    expect(failed()).toBeLessThanOrEqual(before + 2);
    expect(handled.length).toBeLessThan(7);
    expect(bale.pendingUpdates).toBeGreaterThan(0);
    database.exec("PRAGMA max_page_count = 1000000");
    await bale.clock.advance(60_000);
    await until(() => handled.length === 7);
    expect(handled.map((text) => Number.parseInt(text, 10))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await until(() => bale.pendingUpdates === 0 && bot.health().state === "ok");
    expect(
      new Set(bale.deliveries.filter(({ status }) => status === 200).map((each) => each.update_id)).size,
    ).toBe(7);
  }, 120_000);

  it("polling confirms nothing that is not on disk, asks again, and nothing is lost", async () => {
    const { bale, bot, ali, database } = await setUp(frameworks["node:http"] as Serving);
    const handled: string[] = [];
    bot.on("message:text", (ctx) => void handled.push(ctx.text));
    await bot.start();
    await ali.sends("0");
    await until(() => handled.length === 1 && bale.pendingUpdates === 0);
    fill(database);
    for (let at = 1; at <= 6; at++) await ali.sends(long(at));
    await until(() => bot.health().inbox?.state === "degraded");
    await until(() => bot.health().reasons.some((reason) => /inbox .*full/i.test(reason)));
    const unsafe = bale.pendingUpdates;
    expect(unsafe).toBeGreaterThan(0);
    const polls = bale.calls.all("getUpdates").length;
    await until(() => bale.calls.all("getUpdates").length > polls, 60_000);
    expect(bale.pendingUpdates).toBe(unsafe);
    expect(bot.health().state).not.toBe("ok");
    database.exec("PRAGMA max_page_count = 1000000");
    await until(() => handled.length === 7, 60_000);
    expect(handled.map((text) => Number.parseInt(text, 10))).toEqual([0, 1, 2, 3, 4, 5, 6]);
    await until(() => bale.pendingUpdates === 0 && bot.health().state === "ok", 60_000);
  }, 120_000);
});
