import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { type EmulatedUser, emulator } from "@balekit/emulator";
import { expect, onTestFinished, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;

/** How a bot gets its updates; `early`: by a webhook that answers before the handlers are done. */
type Way = "polling" | "webhook" | "early";

/** A bot that writes down what it begins and ends, one line each. After so many, what it begins has no end. */
const program = (way: Way, apiRoot: string, log: string, most: number): string => `
  import { appendFileSync } from "node:fs";
  import { createServer } from "node:http";
  import { Bot } from "balekit";

  const bot = new Bot("1000:not-a-real-secret", { api: { apiRoot: ${JSON.stringify(apiRoot)} } });
  const note = (line) => appendFileSync(${JSON.stringify(log)}, line + "\\n");
  let ended = 0;
  bot.on("message:text", async (ctx) => {
    note("begin " + ctx.text);
    await new Promise((later) => setTimeout(later, 5 + (ctx.update.update_id % 5) * 10));
    if (${most} <= ended++) await new Promise(() => setInterval(() => {}, 1e6));
    note("end " + ctx.text);
  });
  if (${way === "polling"}) {
    await bot.run();
  } else {
    const hook = bot.webhook({ answerEarly: ${way === "early"} });
    const server = createServer((request, response) => hook.node(request, response));
    server.listen(0, "127.0.0.1", () => {
      void bot.api.setWebhook({ url: "http://127.0.0.1:" + server.address().port + hook.path });
    });
  }
`;

/** Bale's window: the most updates that can be open when a process dies. */
const WINDOW = 100;

/** A bot in a process of its own, the Bale it works for, and what its handlers have written down so far. */
async function setUp(way: Way) {
  const bale = emulator({ token: "1000:not-a-real-secret" });
  const server = await bale.listen();
  const folder = mkdtempSync(join(tmpdir(), "balekit-kill-"));
  const log = join(folder, "log");
  writeFileSync(log, "");
  let bot: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (bot === undefined || bot.exitCode !== null || bot.signalCode !== null) return;
    const gone = once(bot, "exit");
    bot.kill("SIGKILL");
    await gone;
  };
  onTestFinished(async () => {
    await kill();
    await bale.close();
    rmSync(folder, { recursive: true });
  });
  return {
    bale,
    kill,
    /** One that is to be killed ends no more than so many, however late the kill comes. */
    start: (most = 1e9): void => {
      const code = program(way, server.url, log, most);
      const args = ["--conditions=@balekit/source", "--import", "tsx", "--input-type=module", "-e", code];
      bot = spawn(process.execPath, args, { cwd: root, stdio: "ignore" });
    },
    lines: (what: "begin" | "end"): string[] =>
      readFileSync(log, "utf8")
        .split("\n")
        .filter((line) => line.startsWith(`${what} `))
        .map((line) => line.slice(what.length + 1)),
  };
}

async function until(holds: () => boolean): Promise<void> {
  for (const limit = Date.now() + 60_000; !holds(); await later(5)) {
    if (Date.now() > limit) throw new Error("It does not come about within 60 s.");
  }
}

async function write(users: readonly EmulatedUser[], count: number): Promise<string[]> {
  const texts = Array.from({ length: count }, (_, at) => `${at % users.length}:${at}`);
  for (const [at, text] of texts.entries()) await users[at % users.length]?.sends(text);
  return texts;
}

test("a polling bot killed in the middle of its handlers loses nothing, and repeats no more than its window", async () => {
  const { bale, start, kill, lines } = await setUp("polling");
  const users = Array.from({ length: 10 }, (_, at) => bale.user({ first_name: `User ${at}` }));
  const texts = await write(users, 300);
  const kills = 2;
  for (let killed = 0; killed < kills; killed++) {
    const before = lines("end").length;
    start(60);
    await until(() => lines("end").length > before + 30);
    await kill();
  }
  expect(new Set(lines("end")).size).toBeLessThan(texts.length);
  start();
  await until(() => new Set(lines("end")).size === texts.length);
  await until(() => bale.pendingUpdates === 0);
  expect(new Set(lines("end"))).toEqual(new Set(texts));
  expect(lines("begin").length).toBeLessThanOrEqual(texts.length + kills * WINDOW);
  // What is repeated comes before what is new: the last time each was handled is in each chat's order.
  for (const user of users.keys()) {
    const last = [...new Set(lines("end").toReversed())]
      .filter((text) => text.startsWith(`${user}:`))
      .toReversed();
    expect(last).toEqual(texts.filter((text) => text.startsWith(`${user}:`)));
  }
});

test("a webhook bot killed in the middle of a handler gets that update again, and loses nothing", async () => {
  const { bale, start, kill, lines } = await setUp("webhook");
  const texts = await write([bale.user({ first_name: "Ali" })], 40);
  start(20);
  await until(() => lines("begin").length > 10);
  await until(() => lines("begin").length > lines("end").length);
  await kill();
  const done = lines("end").length;
  expect(done).toBeLessThan(texts.length);
  start();
  await until(() => new Set(lines("end")).size === texts.length);
  expect(new Set(lines("end"))).toEqual(new Set(texts));
  expect(lines("end").length).toBeLessThanOrEqual(texts.length + 1);
});

test("a webhook bot asked to answer early loses what it had taken and not ended when it was killed, and nothing else", async () => {
  const { bale, start, kill, lines } = await setUp("early");
  const texts = await write([bale.user({ first_name: "Ali" })], 200);
  /** The texts whose updates Bale was told are taken. The first update has the number 1. */
  const taken = (): string[] =>
    bale.deliveries.flatMap(({ status, update_id }) => (status === 200 ? (texts[update_id - 1] ?? []) : []));
  start(20);
  await until(() => lines("end").length > 3 && taken().length > lines("end").length + 3);
  await kill();
  // The last answers may still be on their way to Bale.
  await until(() => bale.deliveries.at(-1)?.status !== 200 || bale.pendingUpdates === 0);
  const done = lines("end");
  const before = taken();
  const left = texts.filter((text) => !before.includes(text));
  start();
  await until(() => left.every((text) => lines("end").includes(text)) && bale.pendingUpdates === 0);
  const lost = texts.filter((text) => !lines("end").includes(text));
  expect(lost).toEqual(before.filter((text) => !done.includes(text)));
  expect(lost.length).toBeGreaterThan(0);
});
