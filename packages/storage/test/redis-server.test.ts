import { redis, redisLanes } from "@balekit/storage/redis";
import { Redis } from "ioredis";
import { createCluster } from "redis";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { startRedis } from "../../../test/servers/redis.js";
import { openRedis } from "../src/redis-server.js";

let server: PrivateServer;
let client: Redis;
beforeAll(async () => {
  server = await startRedis();
  client = new Redis({ host: "127.0.0.1", port: server.port });
});
afterAll(async () => {
  client.disconnect();
  await server.close();
});

let stores = 0;
const fresh = () => `server:${++stores}`;
const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("a store in Redis", () => {
  it("refuses a Redis that forgets keys, until its policy is set right", async () => {
    const storage = redis(client, { prefix: fresh() });
    await client.config("SET", "maxmemory-policy", "allkeys-lru");
    onTestFinished(async () => void (await client.config("SET", "maxmemory-policy", "noeviction")));
    await expect(storage.set("k", 1)).rejects.toEqual(code("ERR_BALE_STORAGE_EVICTION"));
    await expect(storage.get("k")).rejects.toThrow("maxmemory-policy is allkeys-lru");
    await client.config("SET", "maxmemory-policy", "noeviction");
    expect((await storage.set("k", 1)).ok).toBe(true);
  });

  it("says when Redis does not tell its policy, and when it writes nothing to its disk", async () => {
    await client.call("ACL", "SETUSER", "bot", "on", ">secret", "~*", "+@all", "-info", "-config");
    const bot = new Redis({
      host: "127.0.0.1",
      port: server.port,
      username: "bot",
      password: "secret",
      enableReadyCheck: false,
    });
    onTestFinished(() => bot.disconnect());
    const told: string[] = [];
    await redis(bot, { prefix: fresh(), onWarning: (message) => told.push(message) }).set("k", 1);
    expect(told).toEqual([expect.stringContaining("does not tell its maxmemory-policy")]);

    await client.config("SET", "appendonly", "no");
    onTestFinished(async () => void (await client.config("SET", "appendonly", "yes")));
    const heard: string[] = [];
    await redis(client, { prefix: fresh(), onWarning: (message) => heard.push(message) }).set("k", 1);
    expect(heard).toEqual([expect.stringContaining("Set appendonly yes")]);
  });

  it("tells what Redis refused, and changes nothing", async () => {
    const prefix = fresh();
    await redis(client, { prefix }).set("k", 1);
    await client.call(
      "ACL",
      "SETUSER",
      "reader",
      "on",
      ">secret",
      "~*",
      "+@all",
      "-set",
      "-eval",
      "-evalsha",
    );
    const reader = new Redis({
      host: "127.0.0.1",
      port: server.port,
      username: "reader",
      password: "secret",
    });
    onTestFinished(() => reader.disconnect());
    const storage = redis(reader, { prefix });
    await expect(storage.set("k", 2)).rejects.toEqual(code("ERR_BALE_STORAGE_SERVER"));
    await expect(storage.set("k", 2)).rejects.toThrow(/Storing "k": Redis refused: NOPERM/);
    expect((await storage.get("k"))?.value).toBe(1);
  });

  it("loads its scripts again when Redis has forgotten them", async () => {
    const prefix = fresh();
    const [storage, lanes] = [redis(client, { prefix }), redisLanes(client, { prefix })];
    await storage.set("k", 1);
    await client.script("FLUSH");
    expect((await storage.set("k", 2)).ok).toBe(true);
    expect(await lanes.commit("k", null, { head: 0 })).not.toBe(false);
  });

  it("keeps stores apart by their prefix, and values from lanes", async () => {
    const [one, two] = [redis(client, { prefix: "app:a" }), redis(client, { prefix: "app:a:b" })];
    await one.set("k", 1);
    expect(await two.get("k")).toBeUndefined();
    expect(await redisLanes(client, { prefix: "app:a" }).load("k")).toBeUndefined();
    await redisLanes(client, { prefix: "app:a" }).commit("lane", null, { head: 0 });
    const keys: string[] = [];
    for await (const key of one.keys("")) keys.push(key);
    expect(keys).toEqual(["k"]);
  });

  it("lets Redis itself remove a value some time after it has expired", async () => {
    const prefix = fresh();
    await redis(client, { prefix }).set("k", 1, { ttlMs: 1_000 });
    const ms = await client.pttl(`${prefix}/value/k`);
    expect(ms).toBeGreaterThan(1_000);
    expect(ms).toBeLessThanOrEqual(61_000);
    await redis(client, { prefix }).set("k", 1, { ttlMs: Number.POSITIVE_INFINITY });
    expect(await client.pttl(`${prefix}/value/k`)).toBe(-1);
    expect((await redis(client, { prefix }).get("k"))?.value).toBe(1);
  });

  it("works beside a newer release, unless that one says it is too old", async () => {
    const prefix = fresh();
    await redis(client, { prefix }).set("k", 1);
    await client.hset(`${prefix}/schema`, "values", "2 1");
    expect((await redis(client, { prefix }).get("k"))?.value).toBe(1);
    await client.hset(`${prefix}/schema`, "values", "2 2");
    await expect(redis(client, { prefix }).get("k")).rejects.toEqual(code("ERR_BALE_STORAGE_SCHEMA"));
  });

  it("runs a missing step once, however many open the store at the same time", async () => {
    const prefix = fresh();
    await redis(client, { prefix }).set("k", 1);
    const steps = [
      { version: 1, run: "" },
      { version: 2, run: "redis.call('INCR', PREFIX .. 'ran')" },
    ];
    const get = {
      doing: () => "Looking",
      args: ["GET", `${prefix}/ran`] as [string, string],
      isWrite: false,
    };
    const answers = await Promise.all(
      Array.from({ length: 8 }, () => openRedis(client, "values", steps, { prefix }).ask(get)),
    );
    expect(answers).toEqual(Array.from({ length: 8 }, () => "1"));
    expect((await redis(client, { prefix }).get("k"))?.value).toBe(1);
  });

  it("refuses a client that it cannot use, and a prefix that is none", () => {
    const prefixed = new Redis({ lazyConnect: true, keyPrefix: "mine:" });
    const cluster = createCluster({ rootNodes: [{ url: "redis://127.0.0.1:1" }] });
    expect(() => redis({} as never)).toThrow("that is no Redis client");
    expect(() => redis(undefined as never)).toThrow(code("ERR_BALE_OPTION"));
    expect(() => redis(prefixed)).toThrow('the client puts "mine:" before keys by itself');
    expect(() => redisLanes(cluster as never)).toThrow("a client of a Redis Cluster");
    expect(() => redis(new Redis({ lazyConnect: true }), { prefix: "a/b" })).toThrow("Give 1 to 100 letters");
    expect(() => redis(new Redis({ lazyConnect: true }), { timeoutMs: 0 })).toThrow("timeoutMs is 0");
  });
});
