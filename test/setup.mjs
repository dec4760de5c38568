// npm run setup: what the tests need and npm cannot bring. Says what it does; does nothing twice.
import { spawnSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** A program the tests look for, and the Debian package that brings it. */
const NEEDED = [
  {
    what: "Chromium, which the playground's page is tested in",
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    variable: "CHROMIUM_PATH",
    apt: "chromium",
  },
];

const missing = [];
for (const program of NEEDED) {
  const found = locate(program);
  if (found === undefined) missing.push(program);
  else console.log(`Found ${program.what}: ${found}`);
}
if (missing.length === 0) process.exit(0);

const packages = missing.map((program) => program.apt);
const prefix = process.getuid?.() === 0 ? [] : onPath("sudo") === undefined ? undefined : ["sudo"];
if (onPath("apt-get") === undefined || prefix === undefined) {
  for (const { what, names, variable } of missing)
    console.error(
      `Missing: ${what}.\n  Install it with your system's package manager so that "${names[0]}" is on the PATH, or put the path of its binary in ${variable}.`,
    );
  process.exit(1);
}

console.log(`Installing with apt-get: ${packages.join(", ")}`);
run([...prefix, "apt-get", "update", "-qq"]);
run([...prefix, "apt-get", "install", "-y", "-qq", "--no-install-recommends", ...packages]);

for (const program of missing) {
  const found = locate(program);
  if (found === undefined) {
    console.error(
      `apt-get installed ${program.apt}, yet none of ${program.names.join(", ")} is on the PATH.`,
    );
    process.exit(1);
  }
  console.log(`Installed ${program.what}: ${found}`);
}

function locate({ names, variable }) {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return runnable(named) ? named : undefined;
  for (const name of names) {
    const path = onPath(name);
    if (path !== undefined) return path;
  }
  return undefined;
}

function onPath(name) {
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    if (folder !== "" && runnable(join(folder, name))) return join(folder, name);
  }
  return undefined;
}

function runnable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function run([command, ...args]) {
  console.log(`$ ${[command, ...args].join(" ")}`);
  const { status, error } = spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (status === 0) return;
  console.error(
    `"${[command, ...args].join(" ")}" ${error === undefined ? `ended with ${status}` : `failed: ${error.message}`}.`,
  );
  process.exit(1);
}
