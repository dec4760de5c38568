import { readFileSync, readlinkSync } from "node:fs";
import { hostname } from "node:os";

/** What tells one process from another, also from one that had its number before or has it elsewhere. */
export interface ProcessMark {
  readonly pid: number;
  readonly host: string;
  /** The space its number belongs to, where the system has several: containers of one machine number their own. */
  readonly space?: string | undefined;
  /** When it began, where the system tells; a number that came back to life belongs to somebody else. */
  readonly began: string;
}

/** The mark of this process. */
export function thisProcess(): ProcessMark {
  return { pid: process.pid, host: hostname(), space: spaceOfNumbers(), began: beganAt(process.pid) };
}

/** What is known of a marked process: `"unknown"` when it ran on another machine or in another container. */
export function processState(mark: ProcessMark): "running" | "gone" | "unknown" {
  if (mark.host !== hostname() || (mark.space ?? "") !== spaceOfNumbers()) return "unknown";
  try {
    process.kill(mark.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return "gone";
  }
  const began = beganAt(mark.pid);
  return began === "" || mark.began === "" || began === mark.began ? "running" : "gone";
}

function spaceOfNumbers(): string {
  try {
    return readlinkSync("/proc/self/ns/pid");
  } catch {
    return "";
  }
}

/** Field 22 of /proc/<pid>/stat with the boot it counts from; empty where there is no such file. */
function beganAt(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}:${stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? ""}`;
  } catch {
    return "";
  }
}
