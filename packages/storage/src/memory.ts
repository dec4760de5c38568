import type { Clock } from "./clock.js";
import { json } from "./codec.js";
import { checkKey } from "./key.js";
import { notPlain, plainCopy, plainValue } from "./plain-value.js";
import type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
import { sweeper } from "./sweeper.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `memory`. */
export interface MemoryOptions extends ValueOptions {
  /** The most entries kept; beyond it the one unused for longest is forgotten. @default 100_000 */
  readonly maxEntries?: number | undefined;
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

interface Entry {
  readonly key: string;
  /** The value as its codec has written it; `undefined` for one that is kept as a copy. */
  text: string | undefined;
  copy: unknown;
  version: string;
  expiresAt: number;
  /** Used last before this one; `undefined` for the one unused for longest. */
  older: Entry | undefined;
  newer: Entry | undefined;
}

/**
 * Keeps values in this process: gone at its end, and never more than `maxEntries`.
 * Values come back as the durable drivers give them back, so what works here works there: as JSON has them, or the codec
 * that is given. Nobody's later change of an object reaches into the store.
 */
export function memory<Value = unknown>(options: MemoryOptions = {}): Storage<Value> {
  const { maxEntries = 100_000, clock = systemClock, codec = json } = options;
  if (!(maxEntries >= 1)) {
    throw new TypeError(`Making a memory storage: maxEntries is ${maxEntries}. Give a number from 1 up.`);
  }
  const values = valueText("memory", options);
  // What JSON would give back the same is kept as a copy: cheaper than text, and nobody can tell.
  const mayCopy = codec === json;
  const entries = new Map<string, Entry>();
  // A chain in order of use. Deleting from a Map and setting again would keep that order too, and make it grow anew
  // all the time.
  let oldest: Entry | undefined;
  let newest: Entry | undefined;
  const sweep = sweeper(clock, () => {
    let next = Number.POSITIVE_INFINITY;
    for (const entry of entries.values()) {
      if (entry.expiresAt <= clock.now()) remove(entry);
      else if (entry.expiresAt < next) next = entry.expiresAt;
    }
    return next;
  });
  let writes = 0;

  function live(key: string): Entry | undefined {
    const entry = entries.get(key);
    // Most values are kept for good, and need no look at the clock.
    if (
      entry === undefined ||
      entry.expiresAt === Number.POSITIVE_INFINITY ||
      entry.expiresAt > clock.now()
    ) {
      return entry;
    }
    remove(entry);
    return undefined;
  }

  function remove(entry: Entry): void {
    entries.delete(entry.key);
    unlink(entry);
  }

  function unlink(entry: Entry): void {
    const { older, newer } = entry;
    if (older === undefined) oldest = newer;
    else older.newer = newer;
    if (newer === undefined) newest = older;
    else newer.older = older;
  }

  function link(entry: Entry): void {
    entry.older = newest;
    entry.newer = undefined;
    if (newest === undefined) oldest = entry;
    else newest.newer = entry;
    newest = entry;
  }

  function touch(entry: Entry): void {
    if (entry === newest) return;
    unlink(entry);
    link(entry);
  }

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const entry = live(key);
      if (entry === undefined) return undefined;
      touch(entry);
      const { text, version } = entry;
      if (text === undefined) return { value: plainCopy(entry.copy) as Value, version };
      return { value: values.read(() => `Reading ${JSON.stringify(key)}`, text) as Value, version };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const copy = mayCopy ? plainValue(value, values.maxBytes) : notPlain;
      const text =
        copy === notPlain ? values.write(() => `Storing ${JSON.stringify(key)}`, value) : undefined;
      const known = live(key);
      if (ifVersion !== undefined && (known?.version ?? null) !== ifVersion) return { ok: false };
      const version = String(++writes);
      const expiresAt = ttlMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + ttlMs;
      if (known === undefined) {
        const entry: Entry = { key, text, copy, version, expiresAt, older: undefined, newer: undefined };
        entries.set(key, entry);
        link(entry);
        if (entries.size > maxEntries && oldest !== undefined) remove(oldest);
      } else {
        known.text = text;
        known.copy = copy;
        known.version = version;
        known.expiresAt = expiresAt;
        touch(known);
      }
      sweep.by(expiresAt);
      return { ok: true, version };
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      const entry = live(key);
      if (entry === undefined || (ifVersion !== undefined && entry.version !== ifVersion)) return false;
      remove(entry);
      return true;
    },
    async *keys(prefix: string): AsyncIterable<string> {
      for (const key of [...entries.keys()]) {
        if (key.startsWith(prefix) && live(key) !== undefined) yield key;
      }
    },
  };
}
