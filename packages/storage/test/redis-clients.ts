import type { RedisClient } from "@balekit/storage/redis";
import { Redis } from "ioredis";
import { createClient } from "redis";

/** A connection that a test opens and closes. */
export interface OpenClient {
  readonly client: RedisClient;
  close(): void;
}

/** A kind of client, as a bot would make it. */
export interface RedisKind {
  readonly name: string;
  open(port: number): Promise<OpenClient>;
}

/** ioredis and node-redis. */
export const redisKinds: readonly RedisKind[] = [
  {
    name: "ioredis",
    async open(port) {
      const client = new Redis({ host: "127.0.0.1", port });
      return { client, close: () => client.disconnect() };
    },
  },
  {
    name: "node-redis",
    async open(port) {
      const client = createClient({ url: `redis://127.0.0.1:${port}` });
      await client.connect();
      return { client, close: () => client.destroy() };
    },
  },
];

/** The kind of this name. */
export function redisKind(name: string): RedisKind {
  const kind = redisKinds.find((other) => other.name === name);
  if (kind === undefined) throw new Error(`There is no kind of Redis client named ${name}.`);
  return kind;
}
