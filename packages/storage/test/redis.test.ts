import { storageContract } from "@balekit/storage/contract";
import { redis } from "@balekit/storage/redis";
import { afterAll, beforeAll, describe, it } from "vitest";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { startRedis } from "../../../test/servers/redis.js";
import { type OpenClient, redisKinds } from "./redis-clients.js";

let server: PrivateServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.close());

let stores = 0;

describe.each(redisKinds)("redis on $name", ({ open }) => {
  const cases = storageContract({
    async open(clock) {
      const prefix = `case:${++stores}`;
      const opened: OpenClient[] = [];
      const make = async () => {
        const connection = await open(server.port);
        opened.push(connection);
        return redis(connection.client, { clock, prefix });
      };
      return {
        storage: await make(),
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
