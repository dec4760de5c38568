import type { Clock } from "./clock.js";
import { checkKey, keyFromText, keyToText, prefixToText } from "./key.js";
import type { Migration } from "./migrations.js";
import { openSqlite, type SqliteDatabase, type SqliteOptions, type SqliteStep } from "./sqlite-database.js";
import type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
import { sweeper } from "./sweeper.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `sqlite`. */
export interface SqliteStorageOptions extends SqliteOptions, ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

interface Row {
  readonly seq: number;
  readonly value: string;
  readonly expires_at: number | null;
}

/** AUTOINCREMENT never gives a number twice, and every write takes a new row: the row's number is the version. */
const STEPS: readonly Migration<SqliteStep>[] = [
  {
    version: 1,
    run: (db, table) =>
      db.exec(`
        CREATE TABLE ${table}_values (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          key TEXT NOT NULL UNIQUE,
          value TEXT NOT NULL,
          expires_at INTEGER
        );
        CREATE INDEX ${table}_values_expiry ON ${table}_values (expires_at) WHERE expires_at IS NOT NULL;
      `),
  },
];

/** Keys are listed in pages of this many, so that a long list is never held whole. */
const PAGE = 500;

/**
 * Keeps values in a SQLite database that you have opened; any number of processes of one machine may share it. The
 * database stays yours: close it after the bot has stopped.
 * @example
 * const storage = sqlite(new Database("bot.db"));
 */
export function sqlite<Value = unknown>(
  database: SqliteDatabase,
  options: SqliteStorageOptions = {},
): Storage<Value> {
  const { clock = systemClock } = options;
  const values = valueText("SQLite", options);
  const { db, table, write, look } = openSqlite(database, "values", STEPS, options);
  const select = db.prepare(`SELECT seq, value, expires_at FROM ${table}_values WHERE key = ?`);
  const insert = db.prepare(
    `INSERT OR REPLACE INTO ${table}_values (key, value, expires_at) VALUES (?, ?, ?)`,
  );
  const remove = db.prepare(`DELETE FROM ${table}_values WHERE key = ?`);
  const page = db.prepare(
    `SELECT key, expires_at FROM ${table}_values WHERE key > ? OR (key = ? AND ?) ORDER BY key LIMIT ${PAGE}`,
  );
  const removeExpired = db.prepare(`DELETE FROM ${table}_values WHERE expires_at <= ?`);
  const nextExpiry = db.prepare(
    `SELECT expires_at FROM ${table}_values WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1`,
  );

  const isLive = (expiresAt: number | null): boolean => expiresAt === null || expiresAt > clock.now();
  function live(key: string): Row | undefined {
    const row = select.get(keyToText(key)) as Row | undefined;
    return row && isLive(row.expires_at) ? row : undefined;
  }
  function firstExpiry(): number {
    const row = nextExpiry.get() as { readonly expires_at: number } | undefined;
    return row?.expires_at ?? Number.POSITIVE_INFINITY;
  }

  const sweep = sweeper(clock, () => {
    try {
      removeExpired.run(clock.now());
      return firstExpiry();
    } catch {
      return Number.POSITIVE_INFINITY; // closed, or busy: reads do not see what has expired, and the next start sweeps
    }
  });
  sweep.by(firstExpiry());

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const found = look(() => live(key));
      const row = found instanceof Promise ? await found : found;
      if (row === undefined) return undefined;
      const value = values.read(() => `Reading ${JSON.stringify(key)}`, row.value) as Value;
      return { value, version: String(row.seq) };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const text = values.write(() => `Storing ${JSON.stringify(key)}`, value);
      return write((): SetResult => {
        if (ifVersion !== undefined) {
          const row = live(key);
          if ((row === undefined ? null : String(row.seq)) !== ifVersion) return { ok: false };
        }
        const expiresAt = ttlMs === undefined ? null : clock.now() + ttlMs;
        const { lastInsertRowid } = insert.run(keyToText(key), text, expiresAt);
        if (expiresAt !== null) sweep.by(expiresAt);
        return { ok: true, version: String(lastInsertRowid) };
      });
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      return write(() => {
        const row = live(key);
        if (row === undefined || (ifVersion !== undefined && String(row.seq) !== ifVersion)) return false;
        remove.run(keyToText(key));
        return true;
      });
    },
    async *keys(prefix: string): AsyncIterable<string> {
      const textPrefix = prefixToText(prefix);
      let after = textPrefix;
      for (let isFirst = true; ; isFirst = false) {
        const rows = (await look(() => page.all(after, after, isFirst ? 1 : 0))) as {
          key: string;
          expires_at: number | null;
        }[];
        for (const row of rows) {
          if (!row.key.startsWith(textPrefix)) return;
          const key = keyFromText(row.key);
          if (key.startsWith(prefix) && isLive(row.expires_at)) yield key;
          after = row.key;
        }
        if (rows.length < PAGE) return;
      }
    },
  };
}
