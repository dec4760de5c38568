import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import { open, readdir, readFile, rename, unlink } from "node:fs/promises";
import { join } from "node:path";
import type { Clock } from "./clock.js";
import { fileNameOf, mayHavePrefix } from "./file-name.js";
import { lockFolder } from "./folder-lock.js";
import { checkKey } from "./key.js";
import type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
import { misuse, StorageError } from "./storage-error.js";
import { sweeper } from "./sweeper.js";
import { systemClock } from "./system-clock.js";
import { turns } from "./turns.js";
import { type ValueOptions, valueText } from "./value-text.js";
import { nodeWarning, type OnStorageWarning } from "./warning.js";

/** Options of `file`. */
export interface FileOptions extends ValueOptions {
  /**
   * `"power-cut"`: a write is on the disk before it resolves. `"kill"`: it outlives the process, and a power cut may
   * take the last ones.
   * @default "power-cut"
   */
  readonly survives?: "power-cut" | "kill" | undefined;
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
  /** Hears what is to be known at the start. @default process.emitWarning */
  readonly onWarning?: OnStorageWarning | undefined;
}

/** A storage in a folder. Close it to let another process open the folder. */
export interface FileStorage<Value = unknown> extends Storage<Value> {
  /** Waits for what is being written and gives the folder back. */
  close(): Promise<void>;
}

/** The first line of a file; the value is the rest. */
interface Header {
  readonly schema: 1;
  readonly key: string;
  readonly version: string;
  readonly expiresAt?: number | undefined;
}

interface Entry extends Header {
  readonly text: string;
}

/**
 * Keeps values in a folder, one file a key, for ONE process. A file is replaced whole, so none is ever half written.
 * @throws {StorageError} ERR_BALE_STORAGE_SHARED at once, when a living process has the folder open.
 */
export function file<Value = unknown>(folder: string, options: FileOptions = {}): FileStorage<Value> {
  const { clock = systemClock, survives = "power-cut", onWarning = nodeWarning } = options;
  if (typeof folder !== "string" || folder === "") {
    throw misuse("ERR_BALE_OPTION", `Opening a folder: ${JSON.stringify(folder)} is no path. Give one.`);
  }
  const values = valueText("file", options);
  mkdirSync(folder, { recursive: true });
  const lock = lockFolder(folder, onWarning);
  // What a killed process was writing; nobody else writes here while we hold the lock.
  for (const name of readdirSync(folder)) if (name.startsWith(".tmp-")) rmSync(join(folder, name));
  const inTurn = turns();
  const writing = new Set<Promise<void>>();
  let isClosed = false;

  const pathOf = (key: string): string => join(folder, fileNameOf(key));
  const isLive = ({ expiresAt }: Header): boolean => expiresAt === undefined || expiresAt > clock.now();

  async function live(key: string): Promise<Entry | undefined> {
    const entry = await readEntry(pathOf(key));
    return entry && isLive(entry) ? entry : undefined;
  }

  /** One write a key at a time; `close` waits for all. */
  function write<Result>(key: string, run: () => Promise<Result>): Promise<Result> {
    if (isClosed) {
      throw new StorageError(
        "ERR_BALE_STORAGE_UNSUPPORTED",
        `Writing ${JSON.stringify(key)}: the storage is closed. Close it after the bot has stopped.`,
      );
    }
    const written = inTurn(key, run);
    const settled: Promise<void> = written.then(forget, forget);
    function forget(): void {
      writing.delete(settled);
    }
    writing.add(settled);
    return written;
  }

  async function replace(path: string, text: string): Promise<void> {
    const draft = join(folder, `.tmp-${randomUUID()}`);
    try {
      const handle = await open(draft, "wx");
      try {
        await handle.writeFile(text);
        if (survives === "power-cut") await handle.sync();
      } finally {
        await handle.close();
      }
      await rename(draft, path);
    } catch (error) {
      await unlink(draft).catch(() => undefined);
      throw error;
    }
    await syncFolder();
  }

  /** A rename or a removal is on the disk once the folder is. Windows keeps no such thing. */
  async function syncFolder(): Promise<void> {
    if (survives !== "power-cut" || process.platform === "win32") return;
    const handle = await open(folder, "r");
    try {
      await handle.sync();
    } finally {
      await handle.close();
    }
  }

  async function* entries(prefix: string): AsyncIterable<Entry> {
    for (const name of await readdir(folder)) {
      if (!name.startsWith("k-") || !mayHavePrefix(name, prefix)) continue;
      const entry = await readEntry(join(folder, name));
      if (entry?.key.startsWith(prefix)) yield entry;
    }
  }

  async function removeExpired(): Promise<void> {
    let next = Number.POSITIVE_INFINITY;
    for await (const { key, expiresAt } of entries("")) {
      if (isClosed) return;
      if (expiresAt === undefined) continue;
      if (expiresAt > clock.now()) next = Math.min(next, expiresAt);
      else {
        await write(key, async () => {
          const entry = await readEntry(pathOf(key));
          if (entry && !isLive(entry)) await unlink(pathOf(key));
        });
      }
    }
    sweep.by(next);
  }

  const sweep = sweeper(clock, () => {
    // A fault here is met again, and told, by whoever reads the key.
    if (!isClosed) removeExpired().catch(() => undefined);
    return Number.POSITIVE_INFINITY;
  });
  sweep.by(clock.now());

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const entry = await live(key);
      if (entry === undefined) return undefined;
      const value = values.read(() => `Reading ${JSON.stringify(key)}`, entry.text) as Value;
      return { value, version: entry.version };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const text = values.write(() => `Storing ${JSON.stringify(key)}`, value);
      return write(key, async (): Promise<SetResult> => {
        if (ifVersion !== undefined && ((await live(key))?.version ?? null) !== ifVersion)
          return { ok: false };
        const expiresAt = ttlMs === undefined ? undefined : clock.now() + ttlMs;
        const header: Header = { schema: 1, key, version: randomUUID(), expiresAt };
        await replace(pathOf(key), `${JSON.stringify(header)}\n${text}`);
        if (expiresAt !== undefined) sweep.by(expiresAt);
        return { ok: true, version: header.version };
      });
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      return write(key, async () => {
        const entry = await live(key);
        if (entry === undefined || (ifVersion !== undefined && entry.version !== ifVersion)) return false;
        await unlink(pathOf(key));
        await syncFolder();
        return true;
      });
    },
    async *keys(prefix: string): AsyncIterable<string> {
      for await (const entry of entries(prefix)) if (isLive(entry)) yield entry.key;
    },
    async close(): Promise<void> {
      isClosed = true;
      await Promise.all(writing);
      lock.release();
    },
  };
}

async function readEntry(path: string): Promise<Entry | undefined> {
  let text: string;
  try {
    text = await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const end = text.indexOf("\n");
  let header: { readonly [Field in keyof Header]?: unknown };
  try {
    header = JSON.parse(text.slice(0, end)) as typeof header;
  } catch (cause) {
    throw unreadable(path, "its first line is not ours", cause);
  }
  if (header.schema !== 1) {
    throw new StorageError(
      "ERR_BALE_STORAGE_SCHEMA",
      `Reading the file ${path}: it has schema ${JSON.stringify(header.schema)}, and this release knows 1. ` +
        "Install the newer release.",
    );
  }
  if (typeof header.key !== "string" || typeof header.version !== "string") {
    throw unreadable(path, "its first line lacks a key or a version", undefined);
  }
  return { ...(header as Header), text: text.slice(end + 1) };
}

function unreadable(path: string, what: string, cause: unknown): StorageError {
  return new StorageError(
    "ERR_BALE_STORAGE_READ",
    `Reading the file ${path}: ${what}. Somebody else has written it; delete it or put it back.`,
    { cause },
  );
}
