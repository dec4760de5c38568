import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { type EmulatedUser, emulator } from "@balekit/emulator";
import { expect, onTestFinished, test } from "vitest";
import { startProgram } from "./chaos.js";

const program = fileURLToPath(new URL("programs/draining-bot.mjs", import.meta.url));
const token = "1000:not-a-real-secret";
const limit = 120_000;

/** A Bale, and processes of one bot that work for it and write into one ledger. */
async function setUp(inbox: "memory" | "sqlite", people = 5) {
  const bale = emulator({ token });
  const server = await bale.listen();
  const folder = mkdtempSync(join(tmpdir(), "balekit-drain-"));
  const ledger = join(folder, "ledger");
  writeFileSync(ledger, "");
  const gate = join(folder, "gate");
  const users = Array.from({ length: people }, (_, at) => bale.user({ first_name: `User ${at}` }));
  const counts = users.map(() => 0);
  const started: ChildProcess[] = [];
  onTestFinished(async () => {
    for (const child of started) await ended(child, "SIGKILL");
    await bale.close();
    rmSync(folder, { recursive: true });
  });
  return {
    bale,
    users,
    /** Handlers take that long; `"gate"`: until `open` is called. */
    start(name: string, workMs: number | "gate", graceMs?: number): ChildProcess {
      const database = inbox === "memory" ? undefined : join(folder, "bot.db");
      const setting = { apiRoot: server.url, token, ledger, name, workMs, gate, graceMs, database };
      const child = startProgram(program, setting);
      started.push(child);
      return child;
    },
    open: () => writeFileSync(gate, ""),
    /** Numbered texts, `chat:number`, one for each user in turn. */
    async send(count: number): Promise<void> {
      for (let sent = 0; sent < count; sent++) {
        const at = sent % users.length;
        const number = counts[at] ?? 0;
        counts[at] = number + 1;
        await (users[at] as EmulatedUser).sends(`${at}:${number}`);
      }
    },
    /** What a process, or any, has written behind a word, in the order it was written. */
    lines(word: string, name = "\\S+"): string[] {
      const pattern = new RegExp(`^${name} ${word}(?: (.*))?$`, "gm");
      return [...readFileSync(ledger, "utf8").matchAll(pattern)].map(([, text = ""]) => text);
    },
  };
}

async function ended(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const gone = once(child, "exit");
  child.kill(signal);
  await gone;
  return child.exitCode;
}

async function until(what: string, holds: () => boolean): Promise<void> {
  for (const end = Date.now() + 60_000; !holds(); await later(5)) {
    if (Date.now() > end) throw new Error(`After a minute still not: ${what}.`);
  }
}

/** Each once, and those of one chat in order. */
function expectOnceInOrder(ends: readonly string[], users: number, each: number): void {
  expect(ends).toHaveLength(users * each);
  for (let chat = 0; chat < users; chat++) {
    const own = ends.filter((text) => text.startsWith(`${chat}:`));
    expect(own).toEqual(Array.from({ length: each }, (_, at) => `${chat}:${at}`));
  }
}

test.each(["memory", "sqlite"] as const)(
  "asked to end with handlers running, a bot with its inbox in %s takes nothing new, lets them end, and nothing is repeated or lost",
  { timeout: limit },
  async (inbox) => {
    const { bale, start, open, send, lines } = await setUp(inbox);
    const first = start("first", "gate");
    await until("the bot is at work", () => lines("health", "first").includes("ok"));
    await send(10);
    await until("a handler of each chat runs", () => lines("begin", "first").length === 5);
    // What it takes after its first poll is confirmed by a later one.
    if (inbox === "sqlite") await until("all are taken", () => bale.pendingUpdates === 0);
    first.kill("SIGTERM");
    await until("it says that it stops", () => lines("health", "first").at(-1) === "stopped");
    await send(5);
    open();
    expect(await ended(first, "SIGCONT")).toBe(0);
    expect(lines("begin", "first").toSorted()).toEqual(lines("end", "first").toSorted());
    expect(lines("end", "first")).toHaveLength(5);
    expect(lines("aborted")).toEqual([]);
    expect(lines("closed", "first")).toHaveLength(1);
    // What is finished, or kept in the file, is confirmed; what came afterwards is not.
    expect(bale.pendingUpdates).toBe(inbox === "memory" ? 10 : 5);

    const second = start("second", 5);
    await until("all have ended", () => lines("end").length >= 15);
    expect(await ended(second, "SIGTERM")).toBe(0);
    expectOnceInOrder(lines("end"), 5, 3);
    expect(lines("begin")).toHaveLength(15);
    expect(bale.pendingUpdates).toBe(0);
  },
);

test.each(["memory", "sqlite"] as const)(
  "asked twice, a bot with its inbox in %s ends at once, and what was not finished is delivered again",
  { timeout: limit },
  async (inbox) => {
    const { bale, start, send, lines } = await setUp(inbox);
    const first = start("first", 600_000, 600_000);
    await until("the bot is at work", () => lines("health", "first").includes("ok"));
    await send(10);
    await until("a handler of each chat runs", () => lines("begin", "first").length === 5);
    first.kill("SIGTERM");
    await until("it says that it stops", () => lines("health", "first").at(-1) === "stopped");
    expect(await ended(first, "SIGTERM")).toBe(128 + 15);
    expect(lines("end")).toEqual([]);
    const second = start("second", 5);
    await until("all have ended", () => lines("end").length >= 10);
    expect(await ended(second, "SIGTERM")).toBe(0);
    expectOnceInOrder(lines("end", "second"), 5, 2);
    expect(bale.pendingUpdates).toBe(0);
  },
);

test("handlers that outlast graceMs are told by their signals, and their updates come again", {
  timeout: limit,
}, async () => {
  const { start, send, lines } = await setUp("sqlite");
  const first = start("first", 600_000, 300);
  await until("the bot is at work", () => lines("health", "first").includes("ok"));
  await send(5);
  await until("they run", () => lines("begin", "first").length === 5);
  expect(await ended(first, "SIGTERM")).toBe(0);
  expect(lines("aborted", "first")).toHaveLength(5);
  const second = start("second", 5);
  await until("all have ended", () => lines("end").length >= 5);
  expect(await ended(second, "SIGTERM")).toBe(0);
  expectOnceInOrder(lines("end", "second"), 5, 1);
});

test("a rolling deploy on one SQLite inbox hands over without loss, repeat or disorder", {
  timeout: limit,
}, async () => {
  const people = 10;
  const { bale, start, send, lines } = await setUp("sqlite", people);
  const old = start("old", 60);
  await until("the old one is at work", () => lines("health", "old").includes("ok"));
  await send(people);
  await until("the old one has done something", () => lines("end", "old").length === people);
  const young = start("young", 20);
  // Healthy enough for a deploy to go on, though it has nothing to do yet.
  await until("the new one waits", () => lines("health", "young").includes("degraded"));
  await send(people * 2);
  expect(lines("begin", "young")).toEqual([]);
  const over = ended(old, "SIGTERM");
  await send(people * 3);
  expect(await over).toBe(0);
  await until("the new one is at work", () => lines("health", "young").at(-1) === "ok");
  await send(people * 4);
  await until("all have ended", () => lines("end").length >= people * 10);
  expect(await ended(young, "SIGTERM")).toBe(0);
  expectOnceInOrder(lines("end"), people, 10);
  expect(lines("begin")).toHaveLength(people * 10);
  expect(lines("end", "old").length).toBeGreaterThanOrEqual(people);
  expect(lines("end", "young").length).toBeGreaterThanOrEqual(people * 4);
  expect(bale.pendingUpdates).toBe(0);
});

test("a process that is frozen and replaced notices when it is thawed, and the signals of its handlers abort", {
  timeout: limit,
}, async () => {
  const { bale, start, send, lines } = await setUp("sqlite");
  const frozen = start("frozen", 600_000);
  await until("the first is at work", () => lines("health", "frozen").includes("ok"));
  await send(10);
  await until("a handler of each chat runs", () => lines("begin", "frozen").length === 5);
  const other = start("other", 5);
  await until("the other waits", () => lines("health", "other").includes("degraded"));
  frozen.kill("SIGSTOP");
  await until("the other has taken over", () => lines("end", "other").length >= 10);
  await send(5);
  await until("the other goes on", () => lines("end", "other").length >= 15);
  expect(lines("aborted")).toEqual([]);
  frozen.kill("SIGCONT");
  await until("the handlers of the first are told", () => lines("aborted", "frozen").length >= 5);
  await send(5);
  await until("the other goes on still", () => lines("end", "other").length >= 20);
  expectOnceInOrder(lines("end", "other"), 5, 4);
  expect(lines("begin", "frozen")).toHaveLength(5);
  expect(lines("end", "frozen")).toEqual([]);
  // The first waits now, and would take over in its turn.
  expect(await ended(other, "SIGTERM")).toBe(0);
  await until("the first is at work again", () => lines("health", "frozen").at(-1) === "ok");
  expect(await ended(frozen, "SIGTERM")).toBe(0);
  expect(bale.pendingUpdates).toBe(0);
});
