import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rmdir, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const COMMAND = fileURLToPath(new URL("../bin/playground.mjs", import.meta.url));
const WAIT = { timeout: 14_000, interval: 20 };

const BOT = `
  const { BALE_API_ROOT: root, BALE_TOKEN: token } = process.env;
  console.log("bot " + process.pid + " " + token + " " + root);
  setInterval(() => {}, 1e6);
`;

let folder: string;
let running: ChildProcess | undefined;
let text: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "cli-"));
  text = "";
});
afterEach(() => {
  if (running !== undefined && running.exitCode === null) running.kill("SIGKILL");
  running = undefined;
});

async function command(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<ChildProcess> {
  await writeFile(join(folder, "bot.mjs"), BOT);
  const inherited = { ...process.env };
  delete inherited["BALE_TOKEN"];
  delete inherited["BALE_API_ROOT"];
  const child = spawn(process.execPath, [COMMAND, ...args], {
    cwd: folder,
    env: { ...inherited, CI: "1", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (chunk: string) => {
      text += chunk;
    });
  }
  running = child;
  return child;
}

async function failure(args: readonly string[]): Promise<{ readonly code: unknown; readonly text: string }> {
  const [code]: unknown[] = await once(await command(args), "close");
  return { code, text };
}

const sees = (pattern: RegExp): Promise<RegExpExecArray> =>
  vi.waitFor(() => {
    const match = pattern.exec(text);
    if (match === null) throw new Error(`Not yet: ${pattern} in ${JSON.stringify(text)}`);
    return match;
  }, WAIT);

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it("opens the page for a bot, and Ctrl-C ends both without an orphan", async () => {
  const child = await command(["bot.mjs", "--port", "0"]);
  const url = (await sees(/bot\.mjs is open at (http:\/\/127\.0\.0\.1:\d+)/))[1] ?? "";
  const [, pid, token, root] = await sees(/bot (\d+) (\S+) (\S+)/);
  expect(root).toBe(url);
  expect(token).toMatch(/^\d+:\w+$/);
  expect((await fetch(`${url}/playground/state`)).status).toBe(200);
  const ended = once(child, "close");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(isAlive(Number(pid))).toBe(false);
});

it("leaves no bot behind even when it is killed", async () => {
  const child = await command(["bot.mjs", "--port", "0"]);
  const [, pid] = await sees(/bot (\d+) /);
  child.kill("SIGKILL");
  await vi.waitFor(() => expect(isAlive(Number(pid))).toBe(false), WAIT);
});

it("runs the bot against Bale itself when there is a token in .env, and says so", async () => {
  await writeFile(join(folder, ".env"), 'BALE_TOKEN="1:from-file"\nBALE_API_ROOT=http://127.0.0.1:9\n');
  const child = await command(["bot.mjs"]);
  await sees(/BALE_TOKEN is set: bot\.mjs talks to Bale itself/);
  await sees(/bot \d+ 1:from-file http:\/\/127\.0\.0\.1:9/);
  expect(text).not.toContain("is open at");
  const ended = once(child, "close");
  child.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
});

it("takes a variable of the environment before the one in .env, and starts anew when .env is saved", async () => {
  const env = join(folder, ".env");
  await writeFile(env, "BALE_TOKEN=1:file\nBALE_API_ROOT=http://127.0.0.1:9\n");
  await command(["bot.mjs"], { BALE_TOKEN: "2:environment" });
  await sees(/bot \d+ 2:environment http:\/\/127\.0\.0\.1:9\n/);
  await writeFile(env, "BALE_TOKEN=1:file\nBALE_API_ROOT=http://127.0.0.1:10\n");
  await sees(/bot \d+ 2:environment http:\/\/127\.0\.0\.1:10\n/);
});

it("stays up when .env cannot be read at a restart, says so, and starts the bot once it can", async () => {
  const child = await command(["bot.mjs", "--port", "0"]);
  await sees(/bot \d+ /);
  const env = join(folder, ".env");
  await mkdir(env);
  await writeFile(join(folder, "bot.mjs"), BOT.replace("bot ", "second "));
  await sees(/ {2}Reading .*\.env: EISDIR.*\s+.*bot\.mjs crashed/);
  await rmdir(env);
  await writeFile(join(folder, "bot.mjs"), BOT.replace("bot ", "third "));
  const [, pid] = await sees(/third (\d+) /);
  const ended = once(child, "close");
  child.kill("SIGINT");
  expect(await ended).toEqual([0, null]);
  expect(isAlive(Number(pid))).toBe(false);
});

it("stays in the browser with --local, whatever the token", async () => {
  await command(["bot.mjs", "--port", "0", "--local"], { BALE_TOKEN: "2:real" });
  await sees(/is open at/);
  const [, , token] = await sees(/bot (\d+) (\S+) /);
  expect(token).not.toBe("2:real");
});

it("says that a port was taken and which one it moved to", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  try {
    await command(["bot.mjs", "--port", String(port)]);
    const moved = await sees(/is open at http:\/\/127\.0\.0\.1:(\d+) \(port (\d+) is taken\)/);
    expect(Number(moved[1])).toBeGreaterThan(port);
    expect(Number(moved[2])).toBe(port);
  } finally {
    taken.close();
  }
});

it("explains what is wrong with its arguments", async () => {
  expect(await failure([])).toMatchObject({ code: 1, text: expect.stringContaining("no bot was named") });
  text = "";
  expect(await failure(["nothing.ts"])).toMatchObject({
    code: 1,
    text: expect.stringMatching(/there is no nothing\.ts in .*\. Name the bot's file\./),
  });
  text = "";
  await mkdir(join(folder, "bots"));
  expect((await failure(["bots"])).text).toContain("bots is no file. Name the bot's file.");
  text = "";
  expect((await failure(["bot.mjs", "--port", "http"])).text).toContain("--port http is no port");
  text = "";
  expect((await failure(["bot.mjs", "--prot", "1"])).text).toContain("--prot");
});

it("prints its help", async () => {
  const child = await command(["--help"]);
  const [code]: unknown[] = await once(child, "close");
  expect(code).toBe(0);
  expect(text).toContain("balekit-playground <bot.ts> [options]");
});
