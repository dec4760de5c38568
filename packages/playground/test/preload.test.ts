import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";

const PRELOAD = new URL("../src/preload.ts", import.meta.url).href;
/** Takes longer to load than the news of a broken channel takes to come. */
const SLOW = `data:text/javascript,await new Promise((resolve) => setTimeout(resolve, 300));`;

let child: ChildProcess | undefined;
afterEach(() => child?.kill("SIGKILL"));

async function start(...before: readonly string[]): Promise<ChildProcess> {
  const file = join(await mkdtemp(join(tmpdir(), "preload-")), "bot.mjs");
  await writeFile(file, `console.log("up"); setInterval(() => {}, 1e6);`);
  const loaders = [import.meta.resolve("tsx"), ...before, PRELOAD].flatMap((url) => ["--import", url]);
  child = spawn(process.execPath, [...loaders, file], { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  return child;
}

it("ends when the channel to its parent breaks", async () => {
  const bot = await start();
  if (bot.stdout !== null) await once(bot.stdout, "data");
  bot.disconnect();
  expect(await once(bot, "exit")).toEqual([0, null]);
});

it("ends when its parent died before it was loaded", async () => {
  const bot = await start(SLOW);
  bot.disconnect();
  expect(await once(bot, "exit")).toEqual([0, null]);
  expect(bot.stdout?.read()).toBe(null);
});
