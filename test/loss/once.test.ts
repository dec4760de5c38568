import { type ChildProcess, spawn } from "node:child_process";
import { once as happens } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as later } from "node:timers/promises";
import { emulator } from "@balekit/emulator";
import { expect, onTestFinished, test } from "vitest";

const root = new URL("../..", import.meta.url).pathname;
const STEPS = ["charge", "grant", "answer"];

/** A bot whose handler has three steps, each written into a ledger outside of bot and store when it has happened. */
const program = (apiRoot: string, folder: string): string => `
  import { appendFileSync } from "node:fs";
  import { Bot, once } from "balekit";
  import { sqlite } from "@balekit/storage/sqlite";
  import Database from "libsql";

  const note = (line) => appendFileSync(${JSON.stringify(join(folder, "ledger"))}, line + "\\n");
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const storage = sqlite(new Database(${JSON.stringify(join(folder, "steps.db"))}));
  const bot = new Bot("1000:not-a-real-secret", { api: { apiRoot: ${JSON.stringify(apiRoot)} } })
    .extend(once({ storage, claimMs: 300 }));
  bot.on("message:text", async (ctx) => {
    const id = ctx.update.update_id;
    for (const step of ${JSON.stringify(STEPS)}) {
      const result = await ctx.once(step, async () => {
        note("effect " + id + " " + step);
        await pause(3);
        return { step, id };
      });
      if (result.step !== step || result.id !== id) note("wrong " + id + " " + step);
      note("known " + id + " " + step);
      await pause(5);
    }
    note("over " + id);
  });
  await bot.run();
`;

test("no step that was finished is carried out again, however often the process is killed between and in steps", async () => {
  const bale = emulator({ token: "1000:not-a-real-secret" });
  const server = await bale.listen();
  const folder = mkdtempSync(join(tmpdir(), "balekit-once-"));
  const ledger = join(folder, "ledger");
  writeFileSync(ledger, "");
  let bot: ChildProcess | undefined;
  const kill = async (): Promise<void> => {
    if (bot === undefined || bot.exitCode !== null || bot.signalCode !== null) return;
    const gone = happens(bot, "exit");
    bot.kill("SIGKILL");
    await gone;
  };
  onTestFinished(async () => {
    await kill();
    await bale.close();
    rmSync(folder, { recursive: true });
  });
  const lines = (): string[] => readFileSync(ledger, "utf8").split("\n").filter(Boolean);
  const over = (): number => new Set(lines().filter((line) => line.startsWith("over "))).size;
  const until = async (holds: () => boolean): Promise<void> => {
    for (const limit = Date.now() + 60_000; !holds(); await later(1)) {
      if (Date.now() > limit)
        throw new Error(`It does not come about. The ledger:\n${lines().slice(-20).join("\n")}`);
    }
  };
  const start = (): void => {
    const args = [
      "--conditions=@balekit/source",
      "--import",
      "tsx",
      "--input-type=module",
      "-e",
      program(server.url, folder),
    ];
    bot = spawn(process.execPath, args, { cwd: join(root, "test"), stdio: "ignore" });
  };

  const users = Array.from({ length: 4 }, (_, at) => bale.user({ first_name: `User ${at}` }));
  const updates = 80;
  for (let at = 0; at < updates; at++) await users[at % users.length]?.sends(`text ${at}`);
  const kills = 5;
  let inStep = 0;
  for (let killed = 0; killed < kills; killed++) {
    const before = lines().length;
    start();
    await until(() => lines().length > before + 20 + killed * 7);
    await kill();
    const known = new Set(
      lines()
        .map((line) => line.replace("known ", "effect "))
        .filter((line, at) => lines()[at] !== line),
    );
    inStep += new Set(lines().filter((line) => line.startsWith("effect ") && !known.has(line))).size;
  }
  expect(over()).toBeLessThan(updates);
  start();
  await until(() => over() === updates);

  const known = new Set<string>();
  const effects = new Map<string, number>();
  for (const line of lines()) {
    const [what, ...rest] = line.split(" ");
    const step = rest.join(" ");
    expect(what).not.toBe("wrong");
    if (what === "known") known.add(step);
    if (what !== "effect") continue;
    expect(known, `${step} was finished, and is carried out again`).not.toContain(step);
    effects.set(step, (effects.get(step) ?? 0) + 1);
  }
  expect(effects.size).toBe(updates * STEPS.length);
  // What repeats is what was under way when a process died, and no more.
  const repeats = [...effects.values()].reduce((sum, count) => sum + count - 1, 0);
  expect(repeats).toBeLessThanOrEqual(inStep);
}, 150_000);
