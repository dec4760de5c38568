import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { postgresUrl, startPostgres } from "./postgres.js";
import type { PrivateServer } from "./private-server.js";
import { locateProgram } from "./program.js";
import { startRedis } from "./redis.js";

/** Writes and reads one value over a connection of its own. */
const kinds = [
  {
    name: "Redis",
    start: () => startRedis({ appendfsync: "always" }),
    async ask(server: PrivateServer, value?: string): Promise<string | null> {
      const redis = new Redis({ port: server.port, retryStrategy: () => null, lazyConnect: true });
      redis.on("error", () => undefined);
      await redis.connect();
      if (value !== undefined) await redis.set("k", value);
      const found = await redis.get("k");
      redis.disconnect();
      return found;
    },
  },
  {
    name: "PostgreSQL",
    start: () => startPostgres(),
    async ask(server: PrivateServer, value?: string): Promise<string | null> {
      const client = new pg.Client(postgresUrl(server));
      client.on("error", () => undefined);
      await client.connect();
      try {
        await client.query("CREATE TABLE IF NOT EXISTS kept (value text)");
        if (value !== undefined) await client.query("INSERT INTO kept VALUES ($1)", [value]);
        return (await client.query("SELECT value FROM kept")).rows[0]?.value ?? null;
      } finally {
        await client.end();
      }
    },
  },
];

describe.each(kinds)("a private $name", ({ start, ask }) => {
  let server: PrivateServer;
  beforeAll(async () => {
    server = await start();
  });
  afterAll(() => server.close());

  test("comes back on the same port with the same data after kill -9, and after a stop", async () => {
    expect(await ask(server, "نوشته")).toBe("نوشته");
    await server.kill();
    await expect(ask(server)).rejects.toThrow(/ECONNREFUSED|closed/);
    await server.start();
    expect(await ask(server)).toBe("نوشته");
    await server.stop();
    await server.start();
    expect(await ask(server)).toBe("نوشته");
  });

  test("answers nothing while it is frozen, and goes on after it", async () => {
    server.freeze();
    const asking = ask(server);
    const first = await Promise.race([
      asking,
      new Promise((resolve) => setTimeout(() => resolve("silence"), 200)),
    ]);
    expect(first).toBe("silence");
    server.thaw();
    expect(await asking).toBe("نوشته");
  });

  test("leaves nothing behind when it is closed", async () => {
    const another = await start();
    const { folder, pid } = another;
    await another.close();
    expect(existsSync(folder)).toBe(false);
    expect(() => process.kill(pid ?? 0, 0)).toThrow("ESRCH");
  });
});

test("a server ends with the process that started it, also by kill -9, and its folder goes too", async () => {
  const program = fileURLToPath(new URL("fixtures/start-server.ts", import.meta.url));
  const child = spawn(process.execPath, ["--import", "tsx", program], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [line] = (await once(createInterface({ input: child.stdout }), "line")) as [string];
  const { port, folder } = JSON.parse(line) as { port: number; folder: string };
  expect(existsSync(folder)).toBe(true);
  child.kill("SIGKILL");
  await expect.poll(() => listens(port), { timeout: 20_000 }).toBe(false);
  await expect.poll(() => existsSync(folder), { timeout: 20_000 }).toBe(false);
});

test("a server that is not installed fails in one sentence that names the command", () => {
  expect(() => locateProgram("no-such-server")).toThrow(
    "Starting a private server: there is no no-such-server on the PATH. Run `npm run setup`.",
  );
});

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, "127.0.0.1");
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
