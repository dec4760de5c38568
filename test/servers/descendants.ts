import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";

/** The processes that this one has started, and those that they have. */
export function descendants(pid: number): readonly number[] {
  const children = new Map<number, number[]>();
  for (const [child, parent] of parents()) {
    children.set(parent, [...(children.get(parent) ?? []), child]);
  }
  const found: number[] = [];
  const waiting = [pid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    for (const child of children.get(next) ?? []) {
      found.push(child);
      waiting.push(child);
    }
  }
  return found;
}

/** Whether a process still holds anything: one that has ended may stay in the table until its parent has looked. */
export function isAlive(pid: number): boolean {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-o", "state=", "-p", String(pid)], { encoding: "utf8" });
    return /^[^Z\s]/.test(stdout.trim());
  }
  return !"ZX".includes(stat(pid)?.[0] ?? "X");
}

/** Every process of this machine with its parent: from /proc where there is one, else from ps. */
function parents(): readonly (readonly [number, number])[] {
  if (process.platform !== "linux") {
    const { stdout } = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" });
    return stdout.split("\n").map((line) => {
      const [pid = 0, parent = 0] = line.trim().split(/\s+/).map(Number);
      return [pid, parent] as const;
    });
  }
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .map((pid) => [pid, Number(stat(pid)?.[1] ?? 0)] as const);
}

/** State, parent and what else /proc says of a process; nothing of one that has ended. */
function stat(pid: number): readonly string[] | undefined {
  try {
    // pid (name of the program, which may hold anything) state parent …
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    return text.slice(text.lastIndexOf(")") + 2).split(" ");
  } catch {
    return undefined;
  }
}
