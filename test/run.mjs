// npm test                     every suite
// npm test -- api core         the tests of packages/api and packages/core
// npm test -- house            the tests of test/house
// npm test -- api -t "retry"   what follows goes to vitest
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
process.chdir(root);

/** Suites that run what is built, not the sources. */
const NEEDS_BUILD = ["playground", "browser", "install", "types", "examples", "docs", "measure", "loss"];

const given = process.argv.slice(2);
const firstFlag = given.findIndex((word) => word.startsWith("-"));
const names = firstFlag === -1 ? given : given.slice(0, firstFlag);
const flags = firstFlag === -1 ? [] : given.slice(firstFlag);

const suites = names.map((name) => {
  for (const place of [name, `packages/${name}`, `test/${name}`]) if (existsSync(place)) return `${place}/`;
  if (name === "balekit") return "packages/core/";
  return name; // a part of a file's path, as vitest takes it
});

const needsBuild =
  suites.length === 0 || suites.some((suite) => NEEDS_BUILD.some((room) => suite.includes(room)));
if (needsBuild) {
  const built = run("npm", ["run", "build", "--silent"]);
  if (built !== 0) {
    console.error("\nThe build failed, so no test was run.\n0 passed, 1 failed");
    process.exit(built);
  }
}
process.exit(
  run(process.execPath, [
    "node_modules/vitest/vitest.mjs",
    "run",
    "--config",
    "test/vitest.config.ts",
    ...suites,
    ...flags,
  ]),
);

function run(command, args) {
  const { status, error } = spawnSync(command, args, {
    stdio: "inherit",
    env: { TURBO_TELEMETRY_DISABLED: "1", ...process.env },
  });
  if (error !== undefined) console.error(`${command}: ${error.message}`);
  return status ?? 1;
}
