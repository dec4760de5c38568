import type { Clock, LaneStore, Storage } from "@balekit/storage";
import { postgres, postgresLanes } from "@balekit/storage/postgres";
import { redis, redisLanes } from "@balekit/storage/redis";
import pg from "pg";
import { postgresUrl, startPostgres } from "../../../test/servers/postgres.js";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { startRedis } from "../../../test/servers/redis.js";
import { redisKind } from "./redis-clients.js";

/** Both stores over one connection or pool, as one process would have them. */
export interface ServerStores {
  readonly storage: Storage;
  readonly lanes: LaneStore;
  close(): Promise<void>;
}

/** How a store is opened in a test. */
export interface ServerStoreOptions {
  /** Keeps the stores of one test apart from others; letters, digits and _. */
  readonly name: string;
  readonly timeoutMs?: number;
  readonly clock?: Clock;
}

/** A store on a server, by the client that reaches it. */
export interface ServerKind {
  readonly name: string;
  start(): Promise<PrivateServer>;
  open(port: number, options: ServerStoreOptions): Promise<ServerStores>;
}

function onRedis(client: string): ServerKind {
  return {
    name: `Redis by ${client}`,
    start: () => startRedis({ appendfsync: "always" }),
    async open(port, { name, ...options }) {
      const opened = await redisKind(client).open(port);
      return {
        storage: redis(opened.client, { prefix: name, ...options }),
        lanes: redisLanes(opened.client, { prefix: name, ...options }),
        close: async () => opened.close(),
      };
    },
  };
}

/** Every way to a server. */
export const serverKinds: readonly ServerKind[] = [
  onRedis("ioredis"),
  onRedis("node-redis"),
  {
    name: "PostgreSQL by pg",
    start: () => startPostgres(),
    async open(port, { name, ...options }) {
      const pool = new pg.Pool({ connectionString: postgresUrl({ port }), max: 4 });
      return {
        storage: postgres(pool, { table: name, ...options }),
        lanes: postgresLanes(pool, { table: name, ...options }),
        close: () => pool.end(),
      };
    },
  },
];

/** The kind of this name. */
export function serverKind(name: string): ServerKind {
  const kind = serverKinds.find((other) => other.name === name);
  if (kind === undefined) throw new Error(`There is no store on a server named ${name}.`);
  return kind;
}
