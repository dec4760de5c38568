import { execFileSync } from "node:child_process";
import { dirname } from "node:path";
import { expect, test } from "vitest";
import { root } from "./source-tree.js";
import { banFaults, bans, readTracked } from "./tracked-files.js";

const registry = new URL(
  execFileSync("npm", ["config", "get", "registry"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  }).trim(),
).host;
const list = bans(registry);
const own = /^test\/house\/tracked-files\./;

test("the tree holds no credential, no path of a machine, no registry's host and no test that is not run", () => {
  const tree = new Map([...readTracked()].filter(([path]) => !own.test(path)));
  expect(tree.size).toBeGreaterThan(50);
  expect(tree.has("package-lock.json")).toBe(true);
  expect(banFaults(tree, list)).toEqual([]);
});

test.each([
  ["a bot token", `const token = "123456789:${"aB3_-".repeat(7)}";`],
  ["a private key", `-----BEGIN RSA ${"PRIVATE"} KEY-----`],
  ["a key of npm, GitHub or a cloud", `npm_${"a1B2".repeat(9)}`],
  ["a path of this machine", `import "${dirname(root)}/elsewhere/x.js";`],
  ["a package registry's host", `registry=https://${registry}/`],
  ["a test that is skipped, focused or left for later", 'test.skip("x", () => {});'],
  ["a test that is skipped, focused or left for later", 'describe.concurrent.only("x", () => {});'],
  ["work left for later", `// ${"TO"}DO: finish`],
  ["a type error that is waved through", `// @ts-${"ignore"}`],
])("%s is found", (what, text) => {
  expect(banFaults(new Map([["packages/api/src/a.ts", `\n${text}\n`]]), list)).toContain(
    `packages/api/src/a.ts:2: ${what}`,
  );
});

test("an address in the lock file is found; the same words elsewhere are not", () => {
  const text = '{ "resolved": "https://example.org/a.tgz" }';
  expect(banFaults(new Map([["package-lock.json", text]]), list)).toEqual([
    "package-lock.json:1: an address in the lock file",
  ]);
  expect(banFaults(new Map([["docs/a.md", text]]), list)).toEqual([]);
});

test("tokens that are plainly invented, and a colon after a number, are no fault", () => {
  expect(
    banFaults(new Map([["a.ts", `const token = "123456789:AbCdEfGhIjKlMnOpQrStUvWxYz_0123456789";`]]), list),
  ).toEqual([]);
  expect(
    banFaults(new Map([["a.ts", 'emulator({ token: "1000:secret" }); const at = "12345678:30";']]), list),
  ).toEqual([]);
});
