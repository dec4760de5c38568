import { spawnSync } from "node:child_process";
import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import type { Fault } from "../src/fault.js";
import { Runner, type RunnerStatus } from "../src/runner.js";

const WAIT = { timeout: 15_000, interval: 20 };

let folder: string;
let runner: Runner | undefined;
let lines: string[];
let statuses: RunnerStatus[];
let faults: Fault[];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "runner-"));
  lines = [];
  statuses = [];
  faults = [];
});
afterEach(() => runner?.stop());

async function run(name: string, text: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const file = join(folder, name);
  await writeFile(file, text);
  runner = new Runner({
    file,
    env: () => ({ ...process.env, ...env }),
    events: {
      output: (line) => lines.push(line.text),
      status: (status) => statuses.push(status),
      fault: (fault) => faults.push(fault),
    },
  });
  await runner.start();
  return file;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it("runs a TypeScript bot with its environment and passes on what it prints", async () => {
  await run(
    "bot.ts",
    `const name: string = process.env.WHO ?? "?"; console.log("hello " + name); setInterval(() => {}, 1e6);`,
    {
      WHO: "سارا",
    },
  );
  await vi.waitFor(() => expect(lines).toContain("hello سارا"), WAIT);
});

it("runs a plain JavaScript bot, CommonJS too", async () => {
  await run(
    "bot.cjs",
    `const path = require("node:path"); console.log(path.basename(__filename)); setInterval(() => {}, 1e6);`,
  );
  await vi.waitFor(() => expect(lines).toContain("bot.cjs"), WAIT);
});

it("restarts within a second of a save, with the new text and one process only", async () => {
  const bot = (word: string): string => `console.log(${JSON.stringify(word)}); setInterval(() => {}, 1e6);`;
  const file = await run("bot.mjs", bot("first"));
  await vi.waitFor(() => expect(lines).toContain("first"), WAIT);
  const took: number[] = [];
  const bare: number[] = [];
  // The quickest of three, beside what Node alone takes to start: the machine may be busy with something else.
  for (const word of ["second", "third", "fourth"]) {
    const before = runner?.pid ?? 0;
    const saved = performance.now();
    await writeFile(file, bot(word));
    await vi.waitFor(() => expect(lines).toContain(word), WAIT);
    took.push(performance.now() - saved);
    const began = performance.now();
    spawnSync(process.execPath, ["-e", "0"]);
    bare.push(performance.now() - began);
    expect(isAlive(before)).toBe(false);
  }
  expect(Math.min(...took)).toBeLessThan(Math.max(1000, 8 * Math.min(...bare)));
  expect(runner?.restarts).toBe(3);
});

it("restarts when a file that the bot imports is saved", async () => {
  await writeFile(join(folder, "words.ts"), `export const word: string = "first";`);
  await run("bot.ts", `import { word } from "./words.js"; console.log(word); setInterval(() => {}, 1e6);`);
  await vi.waitFor(() => expect(lines).toContain("first"), WAIT);
  await writeFile(join(folder, "words.ts"), `export const word: string = "second";`);
  await vi.waitFor(() => expect(lines).toContain("second"), WAIT);
});

it("tells a crash with its file and line, and starts again on the next save", async () => {
  const file = await run(
    "bot.ts",
    `interface A { b: string }\n\nfunction buy(): void {\n  throw new Error("out of tea");\n}\nbuy();\n`,
  );
  await vi.waitFor(() => expect(runner?.status).toBe("crashed"), WAIT);
  expect(faults).toHaveLength(1);
  expect(faults[0]).toMatchObject({ where: "crash", message: "out of tea", place: { file, line: 4 } });
  expect(faults[0]?.excerpt?.find((one) => one.guilty)?.text).toContain("out of tea");
  await writeFile(file, `console.log("mended"); setInterval(() => {}, 1e6);`);
  await vi.waitFor(() => expect(lines).toContain("mended"), WAIT);
});

it("tells where a file does not parse, in TypeScript and in JavaScript", async () => {
  const typed = await run("bot.ts", "const a = 1;\nconst = 2;\n");
  await vi.waitFor(() => expect(faults[0]?.place).toMatchObject({ file: typed, line: 2 }), WAIT);
  await runner?.stop();
  faults = [];
  const plain = await run("bot.mjs", "const a = 1;\nconst = 2;\n");
  await vi.waitFor(() => expect(faults[0]?.place).toMatchObject({ file: plain, line: 2 }), WAIT);
});

it("tells a rejection that nobody caught", async () => {
  const file = await run(
    "bot.mjs",
    `console.log("up");\nsetTimeout(() => {\n  void Promise.reject(new TypeError("no answer"));\n}, 10);`,
  );
  await vi.waitFor(() => expect(runner?.status).toBe("crashed"), WAIT);
  expect(faults[0]).toMatchObject({ name: "TypeError", message: "no answer", place: { file, line: 3 } });
});

it("says that a bot ended by itself, and waits for the next save", async () => {
  const file = await run("bot.mjs", `console.log("bye");`);
  await vi.waitFor(() => expect(runner?.status).toBe("ended"), WAIT);
  expect(faults).toEqual([]);
  await writeFile(file, `console.log("again"); setInterval(() => {}, 1e6);`);
  await vi.waitFor(() => expect(lines).toContain("again"), WAIT);
});

it("kills a bot that does not end when told, with what it started itself", async () => {
  await run(
    "bot.mjs",
    `import { spawn } from "node:child_process";
     process.on("SIGTERM", () => {});
     const child = spawn(process.execPath, ["-e", "process.on('SIGTERM', () => {}); setInterval(() => {}, 1e6); console.log('child')"], { stdio: ["ignore", "inherit", "inherit"] });
     console.log("pid " + child.pid);
     setInterval(() => {}, 1e6);`,
  );
  await vi.waitFor(() => expect(lines).toContain("child"), WAIT);
  const pids = [runner?.pid ?? 0, Number(lines.find((line) => line.startsWith("pid "))?.slice(4))];
  expect(pids.map(isAlive)).toEqual([true, true]);
  await runner?.stop();
  await vi.waitFor(() => expect(pids.map(isAlive)).toEqual([false, false]), WAIT);
  expect(runner?.status).toBe("stopped");
});

it("runs what was saved in a process that stood ready, with the environment of any other", async () => {
  const bot = (word: string): string =>
    `console.log(${JSON.stringify(word)} + process.pid + Object.keys(process.env).filter((name) => name === "BALEKIT_GATE")); setInterval(() => {}, 1e6);`;
  const file = await run("bot.ts", bot("first "));
  await vi.waitFor(() => expect(runner?.standbyPid).toBeGreaterThan(0), WAIT);
  const ready = runner?.standbyPid;
  await writeFile(file, bot("second "));
  await vi.waitFor(() => expect(lines).toContain(`second ${ready}`), WAIT);
  expect(runner?.pid).toBe(ready);
});

it("starts anew when the environment has changed, and leaves no process behind", async () => {
  let word = "first";
  const file = join(folder, "bot.mjs");
  await writeFile(file, `console.log(process.env.WORD); setInterval(() => {}, 1e6);`);
  runner = new Runner({
    file,
    env: () => ({ ...process.env, WORD: word }),
    events: { output: (line) => lines.push(line.text) },
  });
  await runner.start();
  await vi.waitFor(() => expect(runner?.standbyPid).toBeGreaterThan(0), WAIT);
  const stale = runner.standbyPid ?? 0;
  word = "second";
  await runner.restart();
  await vi.waitFor(() => expect(lines).toContain("second"), WAIT);
  await vi.waitFor(() => expect(isAlive(stale)).toBe(false), WAIT);
  await vi.waitFor(() => expect(runner?.standbyPid).toBeGreaterThan(0), WAIT);
  const waiting = runner.standbyPid ?? 0;
  await runner.stop();
  await vi.waitFor(() => expect(isAlive(waiting)).toBe(false), WAIT);
});

it("tells what kept the bot from starting, and starts it on the next save", async () => {
  const problems: Error[] = [];
  const file = join(folder, "bot.mjs");
  await writeFile(file, `console.log("first"); setInterval(() => {}, 1e6);`);
  let asked = 0;
  runner = new Runner({
    file,
    env: () => {
      asked += 1;
      const problem = problems[0];
      if (problem !== undefined) throw problem;
      return process.env;
    },
    events: { output: (line) => lines.push(line.text), fault: (fault) => faults.push(fault) },
  });
  await runner.start();
  await vi.waitFor(() => expect(lines).toContain("first"), WAIT);
  problems.push(new Error("Reading .env: it is a folder"));
  // The process for the next start is made ready with the same environment, and must not fall over it.
  await vi.waitFor(() => expect(asked).toBeGreaterThan(1), WAIT);
  await runner.restart();
  expect(runner.status).toBe("crashed");
  expect(faults).toEqual([
    expect.objectContaining({ where: "crash", message: "Reading .env: it is a folder", place: undefined }),
  ]);
  problems.pop();
  await writeFile(file, `console.log("second"); setInterval(() => {}, 1e6);`);
  await vi.waitFor(() => expect(lines).toContain("second"), WAIT);
  expect(runner.status).toBe("restarting");
});

it("tells of an environment that no process can be given", async () => {
  await run("bot.mjs", `setInterval(() => {}, 1e6);`, { BROKEN: "a\0b" });
  expect(runner?.status).toBe("crashed");
  expect(faults[0]?.message).toContain("BROKEN");
});

it("blames no line of an earlier error for a crash that knows no line", async () => {
  const file = await run(
    "bot.mjs",
    `try {
  throw new Error("caught");
} catch (error) {
  console.error(error);
}
setTimeout(() => {
  const bare = new Error("from nowhere");
  bare.stack = "Error: from nowhere";
  throw bare;
}, 10);`,
  );
  await vi.waitFor(() => expect(runner?.status).toBe("crashed"), WAIT);
  expect(lines.join()).toContain(`${file}:2`);
  expect(faults[0]).toMatchObject({ message: "from nowhere", place: undefined });
});

it("leads from a call that nobody awaited to the handler that made it", async () => {
  const file = await run(
    "bot.mjs",
    `import { channel } from "node:diagnostics_channel";
import { fileURLToPath } from "node:url";
setTimeout(() => {
  channel("balekit:route").publish({ label: 'command("start")', at: fileURLToPath(import.meta.url) + ":3:1" });
  void (async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    const refused = new Error("no such chat");
    refused.stack = "Error: no such chat";
    throw refused;
  })();
}, 10);`,
  );
  await vi.waitFor(() => expect(runner?.status).toBe("crashed"), WAIT);
  expect(faults[0]).toMatchObject({ message: "no such chat", place: { file, line: 3 } });
  expect(faults[0]?.stack).toContain('at command("start")');
});

it("passes on in pieces what a bot prints without ever ending the line, and keeps none of it waiting", async () => {
  await run(
    "bot.mjs",
    `for (let i = 0; i < 50; i++) process.stdout.write("x".repeat(50_000)); setInterval(() => {}, 1e6);`,
  );
  await vi.waitFor(() => expect(lines.map((line) => line.length)).toEqual([1_000_000, 1_000_000]), WAIT);
});

it("tells of a loop without an end in the handler it began in, and that the bot goes on after it", async () => {
  await run(
    "bot.mjs",
    `process.send({ balekit: "handler", id: 1, title: 'command("start")', file: import.meta.filename, line: 1 });
setTimeout(() => { const until = Date.now() + 12_000; while (Date.now() < until); console.log("over"); }, 50);
setInterval(() => {}, 1e6);`,
  );
  await vi.waitFor(() => expect(runner?.status).toBe("stuck"), WAIT);
  expect(faults.map(({ where, place }) => [where, place?.line])).toEqual([["stuck", 1]]);
  await vi.waitFor(() => expect(lines).toContain("over"), { ...WAIT, timeout: 30_000 });
  await vi.waitFor(() => expect(runner?.status).toBe("starting"), WAIT);
  expect(statuses).toEqual(["starting", "stuck", "starting"]);
});
