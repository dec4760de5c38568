import { createServer } from "node:http";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { conversation, conversations } from "@balekit/conversation";
import { type EmulatedUser, emulator } from "@balekit/emulator";
import { session } from "@balekit/session";
import { redis, redisLanes } from "@balekit/storage/redis";
import { sqliteLanes } from "@balekit/storage/sqlite";
import { Bot, type BotError, type LaneStore, type Storage } from "balekit";
import { Redis } from "ioredis";
import Database from "libsql";
import { describe, expect, onTestFinished, test } from "vitest";
import { startRedis } from "../servers/redis.js";

const token = "1000:not-a-real-secret";
const CHATS = 8;
const TEXTS = 25;
const AWAY_MS = 4_000;

/** A store that can go away, and come back with what it holds. */
interface Place {
  readonly lanes: () => LaneStore;
  readonly leave: () => Promise<void>;
  readonly comeBack: () => Promise<void>;
}

/** A Redis that is stopped, and started again with its data. */
async function onRedis(): Promise<Place & { readonly values: () => Storage }> {
  const server = await startRedis({ appendfsync: "always" });
  const client = new Redis({ host: "127.0.0.1", port: server.port, retryStrategy: () => 50 });
  client.on("error", () => undefined);
  onTestFinished(async () => {
    client.disconnect();
    await server.close();
  });
  return {
    values: () => redis(client, { timeoutMs: 500 }),
    lanes: () => redisLanes(client, { timeoutMs: 500 }),
    leave: () => server.kill(),
    comeBack: () => server.start(),
  };
}

/** A SQLite database that somebody else has locked for writing. */
async function onSqlite(): Promise<Place> {
  const folder = mkdtempSync(join(tmpdir(), "balekit-away-"));
  const [mine, theirs] = [new Database(join(folder, "bot.db")), new Database(join(folder, "bot.db"))];
  onTestFinished(() => {
    for (const database of [mine, theirs]) database.close();
    rmSync(folder, { recursive: true });
  });
  return {
    lanes: () => sqliteLanes(mine, { busyTimeoutMs: 100 }),
    leave: async () => void theirs.exec("BEGIN IMMEDIATE"),
    comeBack: async () => void theirs.exec("COMMIT"),
  };
}

/** A bot over HTTP, without an inbox, and people who write to it. */
async function setUp(way: "polling" | "webhook", extend: (bot: Bot) => void) {
  const bale = emulator({ token });
  const { url } = await bale.listen();
  const nothing = (): void => undefined;
  const logger = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const bot = new Bot(token, { api: { apiRoot: url }, logger });
  const errors: BotError[] = [];
  bot.catch((error) => void errors.push(error));
  extend(bot);
  const hook = bot.webhook();
  const server = createServer((request, response) => hook.node(request, response));
  onTestFinished(async () => {
    await bot.stop({ graceMs: 0 });
    server.close();
    server.closeAllConnections();
    await bale.close();
  });
  if (way === "polling") await bot.start();
  else {
    await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
    const { port } = server.address() as { readonly port: number };
    await bot.api.setWebhook({ url: `http://127.0.0.1:${port}${hook.path}` });
  }
  const people = Array.from({ length: CHATS }, () => bale.user());
  return { bale, bot, errors, people };
}

/** Everybody writes while the store goes away and comes back; what they write is numbered. */
async function throughAnOutage(people: readonly EmulatedUser[], place: Place): Promise<void> {
  const writing = Promise.all(
    people.map(async (user) => {
      for (let at = 1; at <= TEXTS; at++) {
        await user.sends(String(at));
        await later(100);
      }
    }),
  );
  await later(500);
  await place.leave();
  await later(AWAY_MS);
  await place.comeBack();
  await writing;
}

async function until(holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + 60_000; !holds(); await later(20)) {
    if (Date.now() > limit) return;
  }
}

const numbers = Array.from({ length: TEXTS }, (_, at) => String(at + 1));

describe.each(["polling", "webhook"] as const)("without an inbox, by %s", (way) => {
  test("a Redis that restarts under sessions loses no update, and keeps the order of each chat", async () => {
    const place = await onRedis();
    const seen = new Map<number, string[]>();
    const { errors, people } = await setUp(way, (bot) => {
      const store = place.values();
      bot.extend(session({ initial: () => ({ count: 0 }), storage: store })).on("message:text", (ctx) => {
        const texts = seen.get(ctx.chat.id) ?? [];
        texts.push(ctx.text);
        seen.set(ctx.chat.id, texts);
      });
    });
    await throughAnOutage(people, place);
    await until(() => people.every(({ id }) => seen.get(id)?.length === TEXTS));
    for (const { id } of people) expect(seen.get(id)).toEqual(numbers);
    // Told at least once, and not for every try of every chat.
    expect(errors.map(({ where }) => where)).toContain("handler");
    expect(errors.length).toBeLessThan(CHATS);
  });

  test.each([
    ["a Redis that restarts", onRedis],
    ["a SQLite database that somebody has locked", onSqlite],
  ] as const)(
    "%s under conversations loses no answer, and keeps the order of each chat",
    async (_what, open) => {
      const place = await open();
      const survey = conversation("survey", async (c) => {
        const answers: string[] = [];
        while (answers.length < TEXTS) answers.push((await c.waitFor("message:text")).text);
        return answers;
      });
      const talks = conversations({ definitions: [survey], storage: place.lanes() });
      const passed: string[] = [];
      const { bot, errors, people } = await setUp(way, (each) => {
        each.extend(talks).on("message:text", (ctx) => void passed.push(ctx.text));
      });
      await bot.init();
      const ids = await Promise.all(people.map(({ id }) => talks.enter(survey, { chatId: id })));
      await throughAnOutage(people, place);
      const answers = await Promise.all(ids.map((id) => talks.ending(id, { timeoutMs: 60_000 })));
      expect(passed).toEqual([]);
      for (const ending of answers) expect(ending).toMatchObject({ result: numbers });
      expect(errors.map(({ where }) => where)).toContain("handler");
    },
  );
});
