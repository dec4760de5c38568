import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { root } from "./source-tree.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "balekit-commands-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Outcome {
  readonly status: number | null;
  readonly lines: readonly string[];
}

function node(args: readonly string[], env: NodeJS.ProcessEnv, cwd: string = root): Outcome {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd, env, encoding: "utf8" });
  return { status, lines: `${stderr}${stdout}`.trim().split("\n") };
}

describe("npm run setup", () => {
  const setup = join(root, "test/setup.mjs");

  test("finds what is there, and installs nothing", () => {
    const bin = join(folder, "bin");
    mkdirSync(bin);
    for (const name of ["chromium", "redis-server", "initdb", "rabbitmq-server"]) {
      writeFileSync(join(bin, name), "");
      chmodSync(join(bin, name), 0o755);
    }
    const { status, lines } = node([setup], { PATH: bin });
    expect(lines).toEqual([
      `Found Chromium, which the playground's page is tested in: ${join(bin, "chromium")}`,
      `Found Redis, which the stores are tested on: ${join(bin, "redis-server")}`,
      `Found PostgreSQL, which the stores are tested on: ${join(bin, "initdb")}`,
      `Found RabbitMQ, which the inbox for many machines is tested on: ${join(bin, "rabbitmq-server")}`,
    ]);
    expect(status).toBe(0);
  });

  test("takes the paths that a person names", () => {
    const variables = ["CHROMIUM_PATH", "REDIS_SERVER_PATH", "POSTGRES_INITDB_PATH", "RABBITMQ_SERVER_PATH"];
    const env = Object.fromEntries(variables.map((name) => [name, process.execPath]));
    const { status, lines } = node([setup], { PATH: "", ...env });
    for (const line of lines) expect(line).toContain(process.execPath);
    expect(lines).toHaveLength(4);
    expect(status).toBe(0);
  });

  test("says what to install where there is no apt-get", () => {
    const { status, lines } = node([setup], { PATH: "", REDIS_SERVER_PATH: "/nowhere/redis-server" });
    const text = lines.join("\n");
    expect(text).toMatch(/Missing: Chromium[\s\S]*"chromium" is on the PATH[\s\S]*CHROMIUM_PATH/);
    expect(text).toMatch(/Missing: Redis[\s\S]*"redis-server" is on the PATH[\s\S]*REDIS_SERVER_PATH/);
    expect(status).toBe(1);
  });
});

describe("the closing line of a test run", () => {
  const good = 'import { test } from "vitest"; test("a", () => {}); test("b", () => {});';
  const skipping = `import { test } from "vitest"; test("a", () => {}); test.${"skip"}("b", () => {});`;

  /** Runs vitest with our reporter over invented test files; the last line, how it ended, and what the tally says. */
  function runOf(
    name: string,
    files: Record<string, string>,
    ...flags: readonly string[]
  ): Outcome & { readonly tally: string } {
    const home = join(folder, name);
    mkdirSync(home);
    symlinkSync(join(root, "node_modules"), join(home, "node_modules"), "dir");
    const reporter = JSON.stringify(join(root, "test/closing-line.ts"));
    writeFileSync(join(home, "vitest.config.mjs"), `export default { test: { reporters: [${reporter}] } };`);
    for (const [path, text] of Object.entries(files)) writeFileSync(join(home, path), text);
    const env = { ...process.env, BALEKIT_TALLY: join(home, "tally"), VITEST: undefined };
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const { status, lines } = node([vitest, "run", "--root", home, ...flags], env, home);
    return { status, lines, tally: readFileSync(join(home, "tally"), "utf8") };
  }

  test("counts what passed", () => {
    const { status, lines, tally } = runOf("good", { "a.test.mjs": good });
    expect(lines.at(-1)).toBe("2 passed, 0 failed");
    expect(status).toBe(0);
    expect(tally).toBe("2 0\n");
  });

  test("counts a failed test, and a file that could not be loaded, as failures", () => {
    const { status, lines, tally } = runOf("bad", {
      "a.test.mjs": `${good} test("c", () => { throw new Error("no"); });`,
      "b.test.mjs": 'import "./missing.mjs";',
    });
    expect(lines).toContain("2 passed, 2 failed");
    expect(status).toBe(1);
    expect(tally).toBe("2 2\n");
  });

  test("does not let a skipped test pass, unless a title narrowed the run", () => {
    const whole = runOf("skipping", { "a.test.mjs": skipping });
    expect(whole.lines).toContain("1 passed, 0 failed, 1 skipped");
    expect(whole.status).toBe(1);
    const narrowed = runOf("narrowed", { "a.test.mjs": good }, "-t", "a");
    expect(narrowed.lines.at(-1)).toBe("1 passed, 0 failed, 1 skipped");
    expect(narrowed.status).toBe(0);
  });
});
