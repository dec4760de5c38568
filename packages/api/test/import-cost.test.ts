import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";

const INDEX = fileURLToPath(new URL("../src/index.ts", import.meta.url));

/** Runs a module in a Node of its own and gives what it prints. */
async function run(code: string): Promise<unknown> {
  const { stdout } = await promisify(execFile)(process.execPath, [
    "--import",
    "tsx",
    "--input-type=module",
    "-e",
    code,
  ]);
  return JSON.parse(stdout) as unknown;
}

test("importing the package and making an api loads neither undici nor the HTTP of node", async () => {
  const loaded = await run(`
    const before = new Set(process.moduleLoadList);
    const { createApi, retry, InputFile } = await import(${JSON.stringify(INDEX)});
    createApi({ token: "1000:abcdef" }).use(retry());
    new InputFile("x");
    const { createRequire } = await import("node:module");
    const { cache } = createRequire(import.meta.url);
    console.log(JSON.stringify({
      undici: Object.keys(cache).filter((file) => file.includes("undici")).length,
      builtins: process.moduleLoadList.filter((name) => !before.has(name)).filter((name) => /^NativeModule (https?|net|tls|internal\\/deps\\/undici\\/undici)$/.test(name)),
    }));
  `);
  expect(loaded).toEqual({ undici: 0, builtins: [] });
});

test("the first call loads undici's pool, not its fetch, WebSocket or cache", async () => {
  const loaded = (await run(`
    const { createApi } = await import(${JSON.stringify(INDEX)});
    await createApi({ token: "1000:abcdef", apiRoot: "http://127.0.0.1:1" }).getMe().catch(() => {});
    const { createRequire } = await import("node:module");
    console.log(JSON.stringify(Object.keys(createRequire(import.meta.url).cache).filter((file) => file.includes("undici"))));
  `)) as string[];
  expect(loaded.some((file) => file.endsWith("pool.js"))).toBe(true);
  expect(
    loaded.filter((file) =>
      /undici\/(?:index\.js|lib\/(?:web\/(?:fetch\/index|websocket)|mock|cache)\b)/.test(file),
    ),
  ).toEqual([]);
});
