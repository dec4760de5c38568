import { manualClock } from "@balekit/storage";
import { laneContract } from "@balekit/storage/contract";
import { redisLanes } from "@balekit/storage/redis";
import { Redis } from "ioredis";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { startRedis } from "../../../test/servers/redis.js";
import { type OpenClient, redisKinds } from "./redis-clients.js";

let server: PrivateServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());

let stores = 0;

describe.each(redisKinds)("redisLanes on $name", ({ open }) => {
  const cases = laneContract({
    async open(clock) {
      const prefix = `case:${++stores}`;
      const opened: OpenClient[] = [];
      const make = async () => {
        const connection = await open(server.port);
        opened.push(connection);
        return redisLanes(connection.client, { clock, prefix });
      };
      return {
        lanes: await make(),
        other: await make(),
        reopen: make,
        async close() {
          for (const connection of opened) connection.close();
        },
      };
    },
  });
  it.each(cases)("$name", ({ run }) => run());
});

describe("a Redis that the release before has used", () => {
  let client: Redis;
  beforeAll(() => {
    client = new Redis({ host: "127.0.0.1", port: server.port });
  });
  afterAll(() => client.disconnect());

  /** What the release before writes when a lane gets a deadline. */
  async function writeAsBefore(prefix: string, key: string, wakeAt: number): Promise<void> {
    const hash = { v: "old", h: "0", f: "0", n: "0", w: String(wakeAt), x: "-", t: "[]" };
    await client.hset(`${prefix}/lane/${key}`, hash);
    await client.zadd(`${prefix}/due`, wakeAt, key);
  }

  it("is taken over whole, however much is due in it", async () => {
    const prefix = `case:${++stores}`;
    for (let at = 0; at < 1_200; at++) await client.zadd(`${prefix}/due`, 1, `theirs:1:${at}`);
    await writeAsBefore(prefix, "cv:1:ours", 2);
    await client.hset(`${prefix}/schema`, "lanes", "1 1");
    const lanes = redisLanes(client, { clock: manualClock(), prefix });
    expect(await lanes.due("cv:1:", 10, 10)).toEqual(["cv:1:ours"]);
    expect(await client.hget(`${prefix}/schema`, "lanes")).toBe("2 1");
  });

  it("may be used by it at the same time: what it changes is found", async () => {
    const prefix = `case:${++stores}`;
    const lanes = redisLanes(client, { clock: manualClock(), prefix });
    await lanes.commit("cv:1:early", null, { head: 0, wakeAt: 1 });
    await lanes.commit("cv:1:late", null, { head: 0, wakeAt: 9 });
    await writeAsBefore(prefix, "cv:1:new", 3);
    expect(await lanes.due("cv:1:", 5, 10)).toEqual(["cv:1:early", "cv:1:new"]);
    await writeAsBefore(prefix, "cv:1:late", 2);
    await writeAsBefore(prefix, "cv:1:early", 8);
    await client.zrem(`${prefix}/due`, "cv:1:new");
    expect(await lanes.due("cv:1:", 5, 10)).toEqual(["cv:1:late"]);
    expect(await lanes.due("cv:1:", 8, 10)).toEqual(["cv:1:late", "cv:1:early"]);
    expect(await client.zrange(`${prefix}/due-of/cv:1`, "0", "-1")).toEqual(["cv:1:late", "cv:1:early"]);
  });

  it("is looked through part by part for what it changes, so that no look reads all", async () => {
    const prefix = `case:${++stores}`;
    const lanes = redisLanes(client, { clock: manualClock(), prefix });
    expect(await lanes.due("cv:1:", 5, 10)).toEqual([]);
    for (let at = 0; at < 1_200; at++) await client.zadd(`${prefix}/due`, 1, `theirs:1:${at}`);
    await writeAsBefore(prefix, "cv:1:ours", 2);
    const looks: (readonly string[])[] = [];
    for (let look = 0; look < 3; look++) looks.push(await lanes.due("cv:1:", 5, 10));
    expect(looks).toEqual([[], [], ["cv:1:ours"]]);
  });
});
