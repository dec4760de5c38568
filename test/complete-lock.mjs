// npm run lock: brings package-lock.json up to date, and completes it. A registry that does not carry the binaries of every
// platform makes npm leave those out of the lock, and `npm ci` then refuses it everywhere. Their version is in the
// package that asks for them, and their platform in their name, so they are written down here without being fetched.
import { spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));

const { status } = spawnSync("npm", ["install", "--package-lock-only", "--ignore-scripts"], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);

const SYSTEMS = [
  "android",
  "darwin",
  "freebsd",
  "linux",
  "netbsd",
  "openbsd",
  "openharmony",
  "sunos",
  "win32",
  "windows",
];
const PROCESSORS = /^(arm64|x64|ia32|arm|ppc64|riscv64|s390x|loong64|64)$/;

const lock = JSON.parse(readFileSync("package-lock.json", "utf8"));
const entries = new Map(Object.entries(lock.packages));
let added = 0;
for (const [path, entry] of [...entries]) {
  if (!path.startsWith("node_modules/")) continue;
  for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
    if (entries.has(`node_modules/${name}`) || entries.has(`${path}/node_modules/${name}`)) continue;
    const words = name.split("/").pop().split("-");
    const system = words.find((word) => SYSTEMS.includes(word));
    const processor = words.find((word) => PROCESSORS.test(word));
    if (system === undefined || processor === undefined || !/^\d+\.\d+\.\d+$/.test(version)) {
      console.error(
        `Completing the lock: ${name}@${version}, which ${path} asks for, is no binary of a platform.`,
      );
      process.exit(1);
    }
    entries.set(`node_modules/${name}`, {
      version,
      cpu: [processor === "64" ? "x64" : processor],
      ...(entry.dev === true ? { dev: true } : {}),
      ...(words.some((word) => word.startsWith("musl")) ? { libc: ["musl"] } : {}),
      ...(words.some((word) => word.startsWith("gnu")) ? { libc: ["glibc"] } : {}),
      license: entry.license,
      optional: true,
      os: [system === "windows" ? "win32" : system],
    });
    added += 1;
  }
}
const [root, ...others] = entries;
lock.packages = Object.fromEntries([root, ...others.sort(([a], [b]) => a.localeCompare(b, "en"))]);
writeFileSync("package-lock.json", `${JSON.stringify(lock, null, 2)}\n`);
console.log(`Completed the lock: ${added} binaries of other platforms added.`);
