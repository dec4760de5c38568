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
    .map((name) => {
      try {
        // pid (name of the program, which may hold anything) state parent …
        const text = readFileSync(`/proc/${name}/stat`, "utf8");
        const [, parent = ""] = text.slice(text.lastIndexOf(")") + 2).split(" ");
        return [Number(name), Number(parent)] as const;
      } catch {
        return [Number(name), 0] as const; // it has ended while we looked
      }
    });
}
