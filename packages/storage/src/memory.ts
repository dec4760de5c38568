import type { Clock } from "./clock.js";
import { checkKey } from "./key.js";
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
  readonly text: string;
  readonly version: string;
  readonly expiresAt: number;
}

/**
 * Keeps values in this process: gone at its end, and never more than `maxEntries`.
 * Values are kept as text, as the durable drivers keep them, so what works here works there, and nobody's later
 * change of an object reaches into the store.
 */
export function memory<Value = unknown>(options: MemoryOptions = {}): Storage<Value> {
  const { maxEntries = 100_000, clock = systemClock } = options;
  if (!(maxEntries >= 1)) {
    throw new TypeError(`Making a memory storage: maxEntries is ${maxEntries}. Give a number from 1 up.`);
  }
  const values = valueText("memory", options);
  // A Map keeps insertion order; reading or writing an entry moves it to the end, so the first is the least used.
  const entries = new Map<string, Entry>();
  const sweep = sweeper(clock, () => {
    let next = Number.POSITIVE_INFINITY;
    for (const [key, entry] of entries) {
      if (entry.expiresAt <= clock.now()) entries.delete(key);
      else if (entry.expiresAt < next) next = entry.expiresAt;
    }
    return next;
  });
  let writes = 0;

  function live(key: string): Entry | undefined {
    const entry = entries.get(key);
    if (entry === undefined || entry.expiresAt > clock.now()) return entry;
    entries.delete(key);
    return undefined;
  }

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const entry = live(key);
      if (entry === undefined) return undefined;
      entries.delete(key);
      entries.set(key, entry);
      return {
        value: values.read(() => `Reading ${JSON.stringify(key)}`, entry.text) as Value,
        version: entry.version,
      };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const text = values.write(() => `Storing ${JSON.stringify(key)}`, value);
      if (ifVersion !== undefined && (live(key)?.version ?? null) !== ifVersion) return { ok: false };
      const version = String(++writes);
      const expiresAt = ttlMs === undefined ? Number.POSITIVE_INFINITY : clock.now() + ttlMs;
      entries.delete(key);
      entries.set(key, { text, version, expiresAt });
      if (entries.size > maxEntries) entries.delete(entries.keys().next().value as string);
      sweep.by(expiresAt);
      return { ok: true, version };
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      const entry = live(key);
      if (entry === undefined || (ifVersion !== undefined && entry.version !== ifVersion)) return false;
      return entries.delete(key);
    },
    async *keys(prefix: string): AsyncIterable<string> {
      for (const key of [...entries.keys()]) {
        if (key.startsWith(prefix) && live(key) !== undefined) yield key;
      }
    },
  };
}
