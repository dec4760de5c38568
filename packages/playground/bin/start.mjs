// `npm start` of the repository: builds what changed, then opens the playground with an example.
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../../", import.meta.url));
const stamp = join(root, "node_modules/.cache/balekit/built.json");
const packages = readdirSync(join(root, "packages")).filter((name) =>
  existsSync(join(root, "packages", name, "package.json")),
);

/** Newest change and number of the files a build reads: if neither moved, there is nothing to build. */
function inputs() {
  let newest = 0;
  let count = 0;
  const visit = (path) => {
    const entry = statSync(path, { throwIfNoEntry: false });
    if (entry === undefined) return;
    if (entry.isDirectory()) {
      for (const name of readdirSync(path)) visit(join(path, name));
      return;
    }
    newest = Math.max(newest, entry.mtimeMs);
    count += 1;
  };
  for (const name of packages) {
    for (const part of ["src", "ui", "spec", "scripts", "package.json", "tsconfig.json", "vite.config.ts"]) {
      visit(join(root, "packages", name, part));
    }
  }
  visit(join(root, ".build"));
  visit(join(root, "tsconfig.json"));
  visit(join(root, "package-lock.json"));
  return JSON.stringify({ newest, count });
}

function isFresh(now) {
  const built = packages.every((name) => existsSync(join(root, "packages", name, "dist")));
  const page = existsSync(join(root, "packages/playground/dist/ui/index.html"));
  return built && page && existsSync(stamp) && readFileSync(stamp, "utf8") === now;
}

const now = inputs();
if (!isFresh(now)) {
  console.log("Building what changed …");
  const turbo = join(root, "node_modules/.bin/turbo");
  const { status } = spawnSync(turbo, ["run", "build", "--output-logs=errors-only"], {
    cwd: root,
    stdio: "inherit",
    shell: process.platform === "win32",
    env: { ...process.env, TURBO_TELEMETRY_DISABLED: "1" },
  });
  if (status !== 0) process.exit(status ?? 1);
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, now);
}

try {
  const { main } = await import("../dist/cli.js");
  await main(process.argv.slice(2), { defaultFile: "examples/basic.ts" });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
