import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { StorageError } from "./storage-error.js";
import type { OnStorageWarning } from "./warning.js";

/** The right to write in a folder. */
export interface FolderLock {
  /** Gives it back; a second time does nothing. */
  release(): void;
}

interface Owner {
  readonly id: string;
  readonly pid: number;
  readonly host: string;
  /** When the process began, where the system tells; a number that came back to life belongs to somebody else. */
  readonly began: string;
}

/** Locks that this process holds, so that a lock with our own number from an earlier life is known for what it is. */
const held = new Set<string>();

/**
 * Takes the lock of a folder, or says who has it. A lock whose process is gone is taken over.
 * @throws {StorageError} ERR_BALE_STORAGE_SHARED when a living process has it.
 */
export function lockFolder(folder: string, onWarning: OnStorageWarning): FolderLock {
  const path = join(folder, ".lock");
  const mine: Owner = {
    id: randomUUID(),
    pid: process.pid,
    host: hostname(),
    began: beganAt(process.pid),
  };
  const draft = join(folder, `.lock-${mine.id}`);
  // Written aside and linked into place: nobody ever reads half a lock.
  writeFileSync(draft, JSON.stringify(mine));
  try {
    while (!linked(draft, path)) clearStale(folder, path, onWarning);
  } finally {
    rmSync(draft, { force: true });
  }
  held.add(mine.id);
  return {
    release(): void {
      if (!held.delete(mine.id)) return;
      if (ownerOf(path)?.id === mine.id) rmSync(path, { force: true });
    },
  };
}

function linked(draft: string, path: string): boolean {
  try {
    linkSync(draft, path);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

/** Removes the lock of a dead process, and only that one: it is moved aside first, and put back if it is another. */
function clearStale(folder: string, path: string, onWarning: OnStorageWarning): void {
  const owner = ownerOf(path);
  if (owner === undefined) return;
  if (owner.host === hostname() && isAlive(owner)) {
    const who = owner.pid === process.pid ? "this very process" : `process ${owner.pid}`;
    throw new StorageError(
      "ERR_BALE_STORAGE_SHARED",
      `Opening the folder ${folder}: ${who} has it open. ` +
        "Open it once and close() it before the next; for several processes take sqlite().",
    );
  }
  if (owner.host !== hostname()) {
    onWarning(
      `The folder ${folder} was last open on ${owner.host} (process ${owner.pid}) and not closed. Taken over: ` +
        "see that no bot runs there, for two processes on one folder lose each other's writes.",
    );
  }
  const aside = join(folder, `.lock-${randomUUID()}`);
  try {
    renameSync(path, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return;
    throw error;
  }
  if (ownerOf(aside)?.id !== owner.id) linked(aside, path);
  unlinkSync(aside);
}

function ownerOf(path: string): Owner | undefined {
  try {
    return JSON.parse(readFileSync(path, "utf8")) as Owner;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new StorageError(
      "ERR_BALE_STORAGE_READ",
      `Opening a folder: its lock ${path} cannot be read. Delete it if no bot runs on the folder.`,
      { cause: error },
    );
  }
}

function isAlive(owner: Owner): boolean {
  if (owner.pid === process.pid) return held.has(owner.id);
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
  }
  const began = beganAt(owner.pid);
  return began === "" || owner.began === "" || began === owner.began;
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
