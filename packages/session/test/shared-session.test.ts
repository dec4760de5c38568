import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { postgres } from "@balekit/storage/postgres";
import { redis } from "@balekit/storage/redis";
import { sqlite, type SqliteDatabase } from "@balekit/storage/sqlite";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresUrl, startPostgres } from "../../../test/servers/postgres.js";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { startRedis } from "../../../test/servers/redis.js";

const CHATS = 50;
const KEY = "session:1000:session:own:shared";
const program = fileURLToPath(new URL("programs/increment.ts", import.meta.url));
const Database = createRequire(import.meta.url)("libsql") as new (
  path: string,
) => SqliteDatabase & { close(): void };

let folder = "";
let redisServer: PrivateServer;
let postgresServer: PrivateServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "balekit-session-"));
  [redisServer, postgresServer] = await Promise.all([startRedis(), startPostgres()]);
});
afterAll(async () => {
  await Promise.all([redisServer.close(), postgresServer.close()]);
  rmSync(folder, { recursive: true });
});

/** A store as the processes open it, and what it holds for the shared session, which is then deleted. */
const stores = [
  {
    name: "sqlite",
    address: () => join(folder, "bot.db"),
    async take(): Promise<unknown> {
      const database = new Database(join(folder, "bot.db"));
      const storage = sqlite(database);
      const found = await storage.get(KEY);
      await storage.delete(KEY);
      database.close();
      return found?.value;
    },
  },
  {
    name: "postgres",
    address: () => postgresUrl(postgresServer),
    async take(): Promise<unknown> {
      const pool = new pg.Pool({ connectionString: postgresUrl(postgresServer) });
      const storage = postgres(pool);
      const found = await storage.get(KEY);
      await storage.delete(KEY);
      await pool.end();
      return found?.value;
    },
  },
  {
    name: "redis",
    address: () => String(redisServer.port),
    async take(): Promise<unknown> {
      const client = new Redis(redisServer.port, "127.0.0.1");
      const storage = redis(client);
      const found = await storage.get(KEY);
      await storage.delete(KEY);
      client.disconnect();
      return found?.value;
    },
  },
];

/** Lets processes add for `CHATS` chats together; answers how many handlers saw no error. */
async function run(store: string, address: string, processes: number, way: string): Promise<number> {
  const share = (at: number): number => Math.floor((CHATS * at) / processes);
  const runs = Array.from({ length: processes }, (_, at) =>
    promisify(execFile)(process.execPath, [
      ...["--import", "tsx", "--conditions=@balekit/source", program, store, address],
      ...[String(1 + share(at)), String(share(at + 1) - share(at)), way],
    ]),
  );
  const printed = await Promise.all(runs);
  return printed.reduce((sum, { stdout }) => sum + Number(stdout), 0);
}

describe.each(stores)("50 chats that share a session on $name, 5 ms away", ({ name, address, take }) => {
  test.each([1, 4])("lose no update in %i processes", { timeout: 120_000 }, async (processes) => {
    expect(await run(name, address(), processes, "update")).toBe(CHATS);
    expect(await take()).toEqual({ v: 0, data: { count: CHATS } });
  });

  test.each([1, 4])(
    "end at what plain changes saw no error in %i processes",
    { timeout: 120_000 },
    async (processes) => {
      const fine = await run(name, address(), processes, "plain");
      expect(fine).toBeGreaterThan(0);
      expect(await take()).toEqual({ v: 0, data: { count: fine } });
    },
  );
});
