import { join } from "node:path";
import { redisLanes } from "@balekit/storage/redis";
import { postgresLanes } from "@balekit/storage/postgres";
import { sqliteLanes } from "@balekit/storage/sqlite";
import type { LaneStore } from "balekit";
import { Redis } from "ioredis";
import Database from "libsql";
import pg from "pg";
import { expect, onTestFinished, test } from "vitest";
import { postgresUrl, startPostgres } from "../servers/postgres.js";
import { startRedis } from "../servers/redis.js";
import { CHAOS_SCALE } from "./chaos.js";
import { type SurveysOptions, type SurveyStore, type SurveysResult, takeSurveys } from "./surveys.js";

const kills = 30 * CHAOS_SCALE;
const limit = 600_000 * CHAOS_SCALE;

function expectWhole(result: SurveysResult): void {
  const { faults, killsInFlight, seed } = result;
  expect(faults.slice(0, 20), `seed ${seed}`).toEqual([]);
  expect(result.kills).toBe(kills);
  expect(killsInFlight / kills).toBeGreaterThanOrEqual(0.7);
  expect(result.takeovers).toBeGreaterThan(0);
  // Who lives loses a lane only when it was frozen for a whole lease: hardly ever, and not survey after survey.
  expect(result.fenced).toBeLessThan(result.surveys / 3 + 1);
  console.log(
    `seed ${seed}: ${result.surveys} conversations and ${result.answers} answers whole after ${kills} kills, ` +
      `${killsInFlight} of them with a deed under way; repeated: ${result.repeatedDeeds} deeds, ${result.repeatedSends} ` +
      `messages; ${result.takeovers} steps taken over, ${result.fenced} from processes that lived`,
  );
}

/** A Redis of its own, and what stands open in it. */
async function redisStore(): Promise<Pick<SurveysOptions, "store" | "open">> {
  const server = await startRedis();
  const where = `redis://127.0.0.1:${server.port}`;
  const client = new Redis(where);
  onTestFinished(async () => {
    client.disconnect();
    await server.close();
  });
  return { store: (): SurveyStore => ({ kind: "redis", where }), open: () => openIn(redisLanes(client)) };
}

/** The lanes in which a conversation is under way. */
async function openIn(lanes: LaneStore): Promise<readonly string[]> {
  const open: string[] = [];
  for await (const key of lanes.keys("cv:")) {
    const head = (await lanes.load(key))?.head as { readonly instances: readonly object[] } | undefined;
    if (head !== undefined && head.instances.length > 0) open.push(key);
  }
  return open;
}

test("three processes on one SQLite file, killed thirty times, lose no answer of a conversation", {
  timeout: limit,
}, async () => {
  const result = await takeSurveys({
    kills,
    store: (folder): SurveyStore => ({ kind: "sqlite", where: join(folder, "talks.db") }),
    open: async ({ where }) => {
      const database = new Database(where);
      try {
        return await openIn(sqliteLanes(database));
      } finally {
        database.close();
      }
    },
  });
  expectWhole(result);
});

test("three processes on one PostgreSQL, killed thirty times, lose no answer of a conversation", {
  timeout: limit,
}, async () => {
  const server = await startPostgres();
  const pool = new pg.Pool({ connectionString: postgresUrl(server), max: 1 });
  onTestFinished(async () => {
    await pool.end();
    await server.close();
  });
  const result = await takeSurveys({
    kills,
    store: (): SurveyStore => ({ kind: "postgres", where: postgresUrl(server) }),
    open: () => openIn(postgresLanes(pool)),
  });
  expectWhole(result);
});

test("three processes on one Redis, killed thirty times, lose no answer of a conversation", {
  timeout: limit,
}, async () => {
  expectWhole(await takeSurveys({ kills, ...(await redisStore()) }));
});

test("processes that are frozen for longer than their claims last are refused, and do nothing twice beside that", {
  timeout: limit,
}, async () => {
  const freezes = 6 * CHAOS_SCALE;
  const result = await takeSurveys({ kills: 0, freezes, people: 15, ...(await redisStore()) });
  expect(result.faults.slice(0, 20), `seed ${result.seed}`).toEqual([]);
  expect(result.fenced).toBeGreaterThan(0);
  console.log(
    `seed ${result.seed}: ${result.surveys} conversations whole after ${freezes} freezes; refused: ${result.fenced}; ` +
      `repeated: ${result.repeatedDeeds} deeds, ${result.repeatedSends} messages`,
  );
});

test("the judge finds out when whoever has lost a lane is not refused", { timeout: limit }, async () => {
  const setting = { kills: 0, freezes: 6, people: 15, isUnfenced: true };
  const { faults } = await takeSurveys({ ...setting, ...(await redisStore()) });
  expect(faults.some((fault) => fault.endsWith("lost it while it lived, and was never refused"))).toBe(true);
  expect(faults.some((fault) => /without being refused|was done again by/.test(fault))).toBe(true);
});
