import { randomUUID } from "node:crypto";
import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type ProcessMark, processState, thisProcess } from "./process-mark.js";
import { StorageError } from "./storage-error.js";
import type { OnStorageWarning } from "./warning.js";

/** The right to write in a folder. */
export interface FolderLock {
  /** Gives it back; a second time does nothing. */
  release(): void;
}

interface Owner extends ProcessMark {
  readonly id: string;
}

/** Locks that this process holds, so that a lock with our own number from an earlier life is known for what it is. */
const held = new Set<string>();

/**
 * Takes the lock of a folder, or says who has it. A lock whose process is gone is taken over.
 * @throws {StorageError} ERR_BALE_STORAGE_SHARED when a living process has it.
 */
export function lockFolder(folder: string, onWarning: OnStorageWarning): FolderLock {
  const path = join(folder, ".lock");
  const mine: Owner = { id: randomUUID(), ...thisProcess() };
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
  const state = processState(owner);
  // A lock of our number that is not ours was left by an earlier life, as in a container.
  const isOurs = owner.pid === process.pid && state !== "unknown";
  if (isOurs ? held.has(owner.id) : state === "running") {
    const who = owner.pid === process.pid ? "this very process" : `process ${owner.pid}`;
    throw new StorageError(
      "ERR_BALE_STORAGE_SHARED",
      `Opening the folder ${folder}: ${who} has it open. ` +
        "Open it once and close() it before the next; for several processes take sqlite().",
    );
  }
  if (state === "unknown") {
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
