import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { emulator } from "@balekit/emulator";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { type RabbitServer, startRabbit } from "../servers/rabbitmq.js";
import { startRedis } from "../servers/redis.js";
import { CHAOS_SCALE, type ChaosOptions, chaos, kill, lastWords, startProgram, until } from "./chaos.js";
import { Ledger } from "./ledger.js";

const program = (name: string): string => fileURLToPath(new URL(`programs/${name}`, import.meta.url));
const token = "1000:not-a-real-secret";
const limit = 600_000 * CHAOS_SCALE;

let rabbit: RabbitServer;
beforeAll(async () => {
  rabbit = await startRabbit();
}, 300_000);
afterAll(() => rabbit?.server.close());

/** Two processes that fetch updates and three that handle them. */
const five = (prefix: string): ChaosOptions["bots"] => {
  const inbox = { url: rabbit.url, prefix, heartbeatSeconds: 2 };
  return ({ apiRoot, token, ledger }) =>
    (["ingest", "ingest", "work", "work", "work"] as const).map((role) => [
      program("bot.mjs"),
      { apiRoot, token, ledger, way: "polling", rabbit: inbox, role, slowness: 4 },
    ]);
};

test("two ingesters and three workers, killed again and again, handle every update, each chat in order", {
  timeout: limit,
}, async () => {
  const kills = 12 * CHAOS_SCALE;
  const result = await chaos({ updates: 800 * CHAOS_SCALE, kills, bots: five("chaos") });
  expect(result.faults).toEqual([]);
  expect(result.kills).toBe(kills);
  expect(result.killsInFlight / kills).toBeGreaterThanOrEqual(0.8);
  // What was handed to the dead worker and had ended, at most the prefetch of its partitions: few in fact.
  console.log(`${result.repeats} repeats`);
});

test("the same holds when the broker is killed as well, and starts again on what it had written", {
  timeout: limit,
}, async () => {
  const kills = 5 * CHAOS_SCALE;
  const result = await chaos({
    updates: 600 * CHAOS_SCALE,
    kills,
    bots: five("chaos.broker"),
    beforeKill: async (killed) => {
      // Two workers and an ingester have come back by then, and the next are killed into what it recovers.
      if (killed % 5 !== 2) return;
      await rabbit.server.kill();
      await rabbit.server.start();
    },
  });
  expect(result.faults).toEqual([]);
  expect(result.kills).toBe(kills);
  console.log(`${result.repeats} repeats`);
});

/** A Bale, a ledger, and processes that are gone when the test is. */
async function setUp() {
  const bale = emulator({ token });
  const { url: apiRoot } = await bale.listen();
  const folder = mkdtempSync(join(tmpdir(), "balekit-many-"));
  const ledger = join(folder, "ledger");
  writeFileSync(ledger, "");
  const processes: ChildProcess[] = [];
  onTestFinished(async ({ task }) => {
    await Promise.all(processes.map(kill));
    if (task.result?.state === "fail") console.log(processes.map(lastWords).join("\n"));
    await bale.close();
    rmSync(folder, { recursive: true });
  });
  return {
    bale,
    folder,
    apiRoot,
    ledger,
    start(name: string, setting: object): ChildProcess {
      const child = startProgram(program(name), { apiRoot, token, ledger, ...setting });
      processes.push(child);
      return child;
    },
  };
}

test("workers that share sessions on one store count right, while they come and go", {
  timeout: limit,
}, async () => {
  const server = await startRedis();
  onTestFinished(() => server.close());
  const { bale, start, ledger: path } = await setUp();
  const ledger = new Ledger(path);
  const inbox = { url: rabbit.url, prefix: "counting" };
  const worker = (): ChildProcess => start("counting-bot.mjs", { ...inbox, redisPort: server.port });
  const workers = [worker(), worker(), worker()];
  start("bot.mjs", { way: "polling", rabbit: { ...inbox, partitions: 4 }, role: "ingest" });
  const chats = Array.from({ length: 20 }, (_, at) => bale.user({ first_name: `User ${at}` }));
  const updates = 300 * CHAOS_SCALE;
  for (let at = 0; at < updates; at++) {
    await chats[at % chats.length]?.sends(`${at % chats.length}:${Math.floor(at / chats.length)}`);
    // One leaves in good order, and another comes.
    if (at !== updates / 2) continue;
    await until(() => ledger.handled >= updates / 4);
    const [first] = workers as [ChildProcess];
    const gone = once(first, "exit");
    first.kill("SIGTERM");
    worker();
    await gone;
    expect(first.exitCode, lastWords(first)).toBe(0);
  }
  await until(() => ledger.handled >= updates);
  expect(ledger.faults(updates)).toEqual([]);
  expect(ledger.repeats).toBe(0);
  expect(new Set(ledger.lines("end")).size).toBe(updates);
  const [asker] = chats;
  await asker?.sends("/count");
  await until(() => (asker?.inbox.all.length ?? 0) > 0);
  expect(asker?.inbox.last.text).toBe(String(updates));
});

test("a worker frozen past its heartbeat and thawed after it was replaced finds its signal aborted and its write refused", {
  timeout: limit,
}, async () => {
  const { bale, folder, start, ledger } = await setUp();
  const lines = (): { pid: number; what: string }[] =>
    readFileSync(ledger, "utf8")
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => {
        const [what = "", pid = ""] = line.split(" ");
        return { pid: Number(pid), what };
      });
  const inbox = { url: rabbit.url, prefix: "frozen", heartbeatSeconds: 1 };
  const gate = join(folder, "gate");
  const setting = { rabbit: inbox, database: join(folder, "state.db"), gate };
  const workers = [start("writing-bot.mjs", setting), start("writing-bot.mjs", setting)];
  start("bot.mjs", { way: "polling", rabbit: inbox, role: "ingest" });
  await until(() => lines().filter(({ what }) => what === "ready").length === 2);
  await bale.user({ first_name: "Ali" }).sends("once");
  await until(() => lines().some(({ what }) => what === "begin"));
  const first = lines().find(({ what }) => what === "begin")?.pid;
  const frozen = workers.find(({ pid }) => pid === first);
  frozen?.kill("SIGSTOP");
  await until(() => lines().some(({ what, pid }) => what === "begin" && pid !== first));
  writeFileSync(gate, "");
  await until(() => lines().some(({ what, pid }) => what === "written" && pid !== first));
  await until(() => lines().some(({ what, pid }) => what === "free" && pid !== first));
  frozen?.kill("SIGCONT");
  const of = (pid: number | undefined): string[] =>
    lines()
      .filter((line) => line.pid === pid && line.what !== "ready")
      .map(({ what }) => what);
  await until(() => of(first).length === 3);
  expect(of(first)).toEqual(["begin", "refused", "aborted"]);
  expect(of(workers.find(({ pid }) => pid !== first)?.pid)).toEqual(["begin", "written", "free"]);
});
