import { createRequire } from "node:module";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { freePort } from "../servers/free-port.js";
import { CHAOS_SCALE, chaos } from "./chaos.js";

const bot = fileURLToPath(new URL("programs/bot.mjs", import.meta.url));
const limit = 600_000 * CHAOS_SCALE;

interface Database {
  exec(sql: string): unknown;
  close(): void;
}
const Libsql = createRequire(import.meta.url)("libsql") as new (path: string) => Database;

test("a polling bot with a SQLite inbox, killed thirty times, handles every update, each chat in order", {
  timeout: limit,
}, async () => {
  const kills = 30 * CHAOS_SCALE;
  const result = await chaos({
    updates: 3_000 * CHAOS_SCALE,
    kills,
    bots: ({ apiRoot, token, ledger, folder }) => [
      [bot, { apiRoot, token, ledger, way: "polling", database: join(folder, "bot.db") }],
    ],
  });
  expect(result.faults).toEqual([]);
  expect(result.kills).toBe(kills);
  expect(result.killsInFlight / kills).toBeGreaterThanOrEqual(0.8);
  // One update of each lane can be running, and what ended in the last moments is not recorded.
  expect(result.repeats).toBeLessThanOrEqual(kills * 100);
});

test("the same in memory repeats no more than Bale's window for each kill", { timeout: limit }, async () => {
  const kills = 8 * CHAOS_SCALE;
  const result = await chaos({
    updates: 1_000 * CHAOS_SCALE,
    kills,
    bots: ({ apiRoot, token, ledger }) => [[bot, { apiRoot, token, ledger, way: "polling" }]],
  });
  expect(result.faults).toEqual([]);
  expect(result.repeats).toBeLessThanOrEqual(kills * 100);
});

test("a webhook bot with a SQLite inbox loses nothing", { timeout: limit }, async () => {
  const kills = 8 * CHAOS_SCALE;
  const port = await freePort();
  const result = await chaos({
    updates: 1_000 * CHAOS_SCALE,
    kills,
    faults: false,
    bots: ({ apiRoot, token, ledger, folder }) => [
      [bot, { apiRoot, token, ledger, way: "webhook", port, database: join(folder, "bot.db") }],
    ],
  });
  expect(result.faults).toEqual([]);
  expect(result.repeats).toBeLessThanOrEqual(kills * 100);
});

test("a webhook bot in memory loses nothing, and repeats no more than what ran at each kill", {
  timeout: limit,
}, async () => {
  const kills = 8 * CHAOS_SCALE;
  const port = await freePort();
  const result = await chaos({
    updates: 500 * CHAOS_SCALE,
    kills,
    faults: false,
    bots: ({ apiRoot, token, ledger }) => [[bot, { apiRoot, token, ledger, way: "webhook", port }]],
  });
  expect(result.faults).toEqual([]);
  expect(result.kills).toBe(kills);
  // The emulator posts one update at a time, so one can have been answered too late.
  expect(result.repeats).toBeLessThanOrEqual(kills);
});

test("a database that is locked for five seconds loses nothing, and health says degraded, then ok", {
  timeout: limit,
}, async () => {
  const result = await chaos({
    updates: 1_000,
    kills: 0,
    bots: ({ apiRoot, token, ledger, folder }) => [
      [bot, { apiRoot, token, ledger, way: "polling", database: join(folder, "bot.db") }],
    ],
    meanwhile: async ({ folder }, ledger) => {
      while (ledger.handled < 100) await later(20);
      const db = new Libsql(join(folder, "bot.db"));
      for (let isLocked = false; !isLocked; ) {
        try {
          db.exec("BEGIN IMMEDIATE");
          isLocked = true;
        } catch {
          await later(5);
        }
      }
      await later(5_000);
      db.exec("ROLLBACK");
      db.close();
    },
  });
  expect(result.faults).toEqual([]);
  expect(result.health).toEqual(["ok", "degraded", "ok"]);
});
