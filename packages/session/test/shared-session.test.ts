import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { postgres } from "@balekit/storage/postgres";
import { redis } from "@balekit/storage/redis";
import { sqlite } from "@balekit/storage/sqlite";
import { Redis } from "ioredis";
import Database from "libsql";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProgram } from "../../../test/bundled-program.js";
import { postgresUrl, startPostgres } from "../../../test/servers/postgres.js";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { startRedis } from "../../../test/servers/redis.js";
import type { Outcome, Task } from "./programs/increment.js";

const CHATS = 50;
const KEY = "session:1000:session:own:shared";
const MOST_PROCESSES = 4;

let folder = "";
let program = "";
let inboxes = 0;
let redisServer: PrivateServer;
let postgresServer: PrivateServer;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "balekit-session-"));
  program = join(folder, "increment.mjs");
  const bundling = bundleProgram(new URL("programs/increment.ts", import.meta.url), program);
  [redisServer, postgresServer] = await Promise.all([startRedis(), startPostgres(), bundling]);
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

/** As many processes as any test needs, each with the store open. */
class Workers {
  readonly #processes: readonly ChildProcess[];

  constructor(store: string, address: string) {
    this.#processes = Array.from({ length: MOST_PROCESSES }, () =>
      fork(program, [store, address], { execArgv: [] }),
    );
  }

  /** Lets some of them add for `CHATS` chats together. */
  async add(count: number, way: Task["way"]): Promise<Outcome> {
    const share = (at: number): number => Math.floor((CHATS * at) / count);
    const tasks = this.#processes.slice(0, count).map(async (process, at) => {
      const task: Task = {
        first: 1 + share(at),
        chats: share(at + 1) - share(at),
        way,
        inbox: join(folder, `inbox-${++inboxes}.db`),
      };
      process.send(task);
      const died = once(process, "exit").then(([code]) => {
        throw new Error(`A process ended with ${code}.`);
      });
      const [outcome] = await Promise.race([once(process, "message"), died]);
      return outcome as Outcome;
    });
    const outcomes = await Promise.all(tasks);
    const sum = (part: "fine" | "refused" | "dead"): number =>
      outcomes.reduce((total, outcome) => total + outcome[part], 0);
    return {
      fine: sum("fine"),
      refused: sum("refused"),
      dead: sum("dead"),
      unexpected: outcomes.flatMap(({ unexpected }) => unexpected),
    };
  }

  async end(): Promise<void> {
    await Promise.all(
      this.#processes.map(async (process) => {
        if (process.exitCode !== null || process.signalCode !== null) return;
        const gone = once(process, "exit");
        process.disconnect();
        await gone;
      }),
    );
  }
}

describe.each(stores)("50 chats that share a session on $name, 5 ms away", ({ name, address, take }) => {
  let workers: Workers;
  beforeAll(() => {
    workers = new Workers(name, address());
  });
  afterAll(() => workers.end());

  test.each([1, 4])("lose no update in %i processes", { timeout: 120_000 }, async (processes) => {
    const { fine, unexpected } = await workers.add(processes, "update");
    expect({ fine, unexpected }).toEqual({ fine: CHATS, unexpected: [] });
    expect(await take()).toEqual({ v: 0, data: { count: CHATS } });
  });

  test.each([1, 4])(
    "end at what plain changes saw no error in %i processes",
    { timeout: 120_000 },
    async (processes) => {
      const { fine, refused, unexpected } = await workers.add(processes, "plain");
      expect(unexpected).toEqual([]);
      expect(fine).toBeGreaterThan(0);
      expect(fine + refused).toBe(CHATS);
      expect(await take()).toEqual({ v: 0, data: { count: fine } });
    },
  );

  test.each([1, 4])(
    "end at 50 plain changes with an inbox in each of %i processes, which tries again what was refused",
    { timeout: 120_000 },
    async (processes) => {
      const { fine, refused, unexpected, dead } = await workers.add(processes, "inbox");
      expect({ fine, unexpected, dead }).toEqual({ fine: CHATS, unexpected: [], dead: 0 });
      // They met: otherwise nothing was shown.
      expect(refused).toBeGreaterThan(CHATS / 10);
      expect(await take()).toEqual({ v: 0, data: { count: CHATS } });
    },
  );
});
