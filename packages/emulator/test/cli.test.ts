import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

import { afterEach, describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

/** The command from its source, as the launcher runs it from the build. */
const RUN = `import { main } from ${JSON.stringify(new URL("../src/cli.ts", import.meta.url).href)};
const code = await main(process.argv.slice(1));
if (code !== undefined) process.exitCode = code;`;

const running: ChildProcess[] = [];

afterEach(async () => {
  for (const child of running.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill("SIGKILL");
    await new Promise((resolve) => child.once("exit", resolve));
  }
});

interface Run {
  readonly child: ChildProcess;
  readonly output: () => { out: string; err: string };
  readonly exit: Promise<number | null>;
}

function start(command: readonly string[]): Run {
  const [, ...args] = [process.execPath, ...command];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  running.push(child);
  let out = "";
  let err = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    err += text;
  });
  return {
    child,
    output: () => ({ out, err }),
    exit: new Promise((resolve) => child.once("close", (code) => resolve(code))),
  };
}

function cli(...args: string[]): Run {
  const flags = [
    "--conditions=@balekit/source",
    "--import",
    "tsx",
    "--input-type=module",
    "--eval",
    RUN,
    "--",
  ];
  return start([...flags, ...args]);
}

async function line(run: Run): Promise<string> {
  const deadline = Date.now() + 20_000;
  while (!run.output().out.includes("\n")) {
    if (Date.now() > deadline || run.child.exitCode !== null) throw new Error(JSON.stringify(run.output()));
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return run.output().out.split("\n", 1)[0] ?? "";
}

describe("the command", { timeout: 60_000 }, () => {
  it("prints one line of JSON, serves, and ends on SIGTERM", async () => {
    const run = cli("--port", "0", "--token", "1000:secret", "--json");
    const { url, token } = JSON.parse(await line(run)) as { url: string; token: string };
    expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/);
    expect(token).toBe("1000:secret");
    const me = (await (await fetch(`${url}/bot${token}/getMe`)).json()) as { result: { id: number } };
    expect(me.result.id).toBe(1000);
    const made = await fetch(`${url}/emulator/users`, { method: "POST", body: '{"first_name":"Ali"}' });
    expect(await made.json()).toMatchObject({ first_name: "Ali" });
    run.child.kill("SIGTERM");
    expect(await run.exit).toBe(0);
    expect(run.output().err).toBe("");
  });

  it("says where it is in words, and warns when it is opened wider", async () => {
    const run = cli("--port=0", "--host", "0.0.0.0");
    expect(await line(run)).toMatch(/^Bale is emulated at http:\/\/127\.0\.0\.1:\d+$/);
    await expect
      .poll(() => run.output().err, { timeout: 10_000 })
      .toContain("other machines can reach this server");
    expect(run.output().out).toContain("/emulator");
  });

  it("explains its options, and refuses others", async () => {
    const help = cli("--help");
    expect(await help.exit).toBe(0);
    expect(help.output().out).toContain("--port <number>");
    const wrong = cli("--prot", "1");
    expect(await wrong.exit).toBe(2);
    expect(wrong.output().err).toContain("--help");
    const port = cli("--port", "70000");
    expect(await port.exit).toBe(2);
    expect(port.output().err).toContain('--port is "70000"');
    const token = cli("--port", "0", "--token", "secret");
    expect(await token.exit).toBe(1);
    expect(token.output().err).toContain("<number>:<secret>");
  });

  it("says that its port is taken", async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
    const { port } = other.address() as AddressInfo;
    const run = cli("--port", String(port));
    expect(await run.exit).toBe(1);
    expect(run.output().err).toContain(`port ${port} is taken`);
    await new Promise((resolve) => other.close(resolve));
  });
});

describe("the launcher", () => {
  it("says what to run when there is no build", async () => {
    const folder = await mkdtemp(join(tmpdir(), "balekit-emulator-"));
    await cp(join(ROOT, "bin"), join(folder, "bin"), { recursive: true });
    const run = start([join(folder, "bin", "balekit-emulator.mjs"), "--help"]);
    expect(await run.exit).toBe(1);
    expect(run.output().err).toContain("npm run build");
    await rm(folder, { recursive: true });
  });
});
