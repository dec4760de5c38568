// One kind of work on one store, 16 at a time: what a second holds. Servers are private ones, as the tests start them,
// save that PostgreSQL and Redis sync to the disk as they do by default.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const AT_ONCE = 16;
const KEYS = 500;
const value = { text: "پیام ".repeat(50) };

const stores = { memory, file, sqlite, redis, postgres };

export async function measure({ store, work, appendfsync, seconds = 2 }) {
  const folder = mkdtempSync(join(tmpdir(), "balekit-bench-"));
  const { storage, lanes, close } = await stores[store]({ folder, appendfsync });
  try {
    const run = works[work]({ storage, lanes });
    await during(500, run);
    const began = performance.now();
    const count = await during(seconds * 1000, run);
    return { perSecond: count / ((performance.now() - began) / 1000) };
  } finally {
    await close?.();
    rmSync(folder, { recursive: true, force: true });
  }
}

const works = {
  set:
    ({ storage }) =>
    (worker, n) =>
      storage.set(`k:${worker}:${n % KEYS}`, value),
  get: ({ storage }) => {
    const written = new Set();
    return async (worker, n) => {
      const key = `k:${worker}:${n % 20}`;
      if (!written.has(key)) await storage.set(key, value);
      written.add(key);
      if ((await storage.get(key))?.value.text !== value.text) throw new Error(`${key} was read wrong.`);
    };
  },
  commit: ({ lanes }) => {
    const versions = new Map();
    return async (worker, n) => {
      const change = { head: { n }, append: [value], cutTo: n - 10 };
      const version = await lanes.commit(`lane:${worker}`, versions.get(worker) ?? null, change);
      if (version === false) throw new Error(`lane:${worker} was written by somebody else.`);
      versions.set(worker, version);
    };
  },
};

async function during(ms, run) {
  const until = performance.now() + ms;
  let done = 0;
  await Promise.all(
    Array.from({ length: AT_ONCE }, async (_, worker) => {
      counts[worker] ??= 0;
      while (performance.now() < until) {
        await run(worker, counts[worker]++);
        done++;
      }
    }),
  );
  return done;
}

const counts = [];

async function memory() {
  const { memory, memoryLanes } = await import("@balekit/storage");
  return { storage: memory(), lanes: memoryLanes() };
}

async function file({ folder }) {
  const { file } = await import("@balekit/storage/file");
  const storage = file(folder);
  return { storage, close: () => storage.close() };
}

async function sqlite({ folder }) {
  const { sqlite, sqliteLanes } = await import("@balekit/storage/sqlite");
  const Database = require("libsql");
  const database = new Database(join(folder, "bench.db"));
  return { storage: sqlite(database), lanes: sqliteLanes(database), close: () => database.close() };
}

async function redis({ appendfsync = "everysec" }) {
  const { redis, redisLanes } = await import("@balekit/storage/redis");
  const { Redis } = await import("ioredis");
  const server = await started("redis", { appendfsync });
  const client = new Redis({ host: "127.0.0.1", port: server.port });
  return {
    storage: redis(client),
    lanes: redisLanes(client),
    async close() {
      client.disconnect();
      server.close();
    },
  };
}

async function postgres() {
  const { postgres, postgresLanes } = await import("@balekit/storage/postgres");
  const { default: pg } = await import("pg");
  const server = await started("postgres");
  const pool = new pg.Pool({
    connectionString: `postgres://postgres@127.0.0.1:${server.port}/postgres`,
    max: 16,
  });
  return {
    storage: postgres(pool),
    lanes: postgresLanes(pool),
    async close() {
      await pool.end();
      server.close();
    },
  };
}

/** In a process of its own, whose end is the server's. */
async function started(kind, options = {}) {
  const program = fileURLToPath(new URL("../../servers/fixtures/start-server.ts", import.meta.url));
  const args = ["--import", "tsx", program, kind, JSON.stringify(options)];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const [line] = await once(createInterface({ input: child.stdout }), "line");
  return { port: JSON.parse(line).port, close: () => child.kill("SIGKILL") };
}
