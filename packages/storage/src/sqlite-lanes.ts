import type { Clock } from "./clock.js";
import { dueSearch } from "./due-search.js";
import { checkKey, keyFromText, keyToText, prefixToText } from "./key.js";
import { checkChange } from "./lane-change.js";
import type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
import type { Migration } from "./migrations.js";
import { openSqlite, type SqliteDatabase, type SqliteOptions, type SqliteStep } from "./sqlite-database.js";
import { sweeper } from "./sweeper.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `sqliteLanes`. `maxBytes` bounds a head, and each entry. */
export interface SqliteLanesOptions extends SqliteOptions, ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

interface Row {
  readonly seq: number;
  readonly head: string;
  readonly first_index: number;
  readonly next_index: number;
  readonly wake_at: number | null;
  readonly expires_at: number | null;
}

/** What stands before a key's second colon: see `groupOf`. Keys without one are in groups that nobody asks for. */
const GROUP = "substr(key, 1, instr(key, ':') + instr(substr(key, instr(key, ':') + 1), ':') - 1)";

const STEPS: readonly Migration<SqliteStep>[] = [
  {
    version: 1,
    run: (db, table) =>
      db.exec(`
        CREATE TABLE ${table}_lanes (
          seq INTEGER PRIMARY KEY AUTOINCREMENT,
          key TEXT NOT NULL UNIQUE,
          head TEXT NOT NULL,
          first_index INTEGER NOT NULL,
          next_index INTEGER NOT NULL,
          wake_at INTEGER,
          expires_at INTEGER
        );
        CREATE INDEX ${table}_lanes_wake ON ${table}_lanes (wake_at) WHERE wake_at IS NOT NULL;
        CREATE INDEX ${table}_lanes_expiry ON ${table}_lanes (expires_at) WHERE expires_at IS NOT NULL;
        CREATE TABLE ${table}_log (
          lane TEXT NOT NULL, at INTEGER NOT NULL, entry TEXT NOT NULL, PRIMARY KEY (lane, at)
        ) WITHOUT ROWID;
        CREATE TABLE ${table}_tokens (token TEXT PRIMARY KEY, lane TEXT NOT NULL) WITHOUT ROWID;
        CREATE INDEX ${table}_tokens_lane ON ${table}_tokens (lane);
      `),
  },
  {
    // An index on what the key says: a release that knows nothing of it keeps it as well.
    version: 2,
    run: (db, table) =>
      db.exec(`
        CREATE INDEX ${table}_lanes_wake_of ON ${table}_lanes (${GROUP}, wake_at, seq) WHERE wake_at IS NOT NULL
      `),
  },
];

const PAGE = 500;

/**
 * Keeps logs in a SQLite database that you have opened; any number of processes of one machine may share it. A token
 * named by two lanes leads to the one that named it last.
 */
export function sqliteLanes<Head = unknown, Entry = unknown>(
  database: SqliteDatabase,
  options: SqliteLanesOptions = {},
): LaneStore<Head, Entry> {
  const { clock = systemClock } = options;
  const values = valueText("SQLite", options);
  const { db, table, read, write, look } = openSqlite(database, "lanes", STEPS, options);
  const sql = {
    select: db.prepare(`SELECT * FROM ${table}_lanes WHERE key = ?`),
    log: db.prepare(`SELECT entry FROM ${table}_log WHERE lane = ? AND at >= ? ORDER BY at`),
    insert: db.prepare(
      `INSERT OR REPLACE INTO ${table}_lanes (key, head, first_index, next_index, wake_at, expires_at)
       VALUES (?, ?, ?, ?, ?, ?)`,
    ),
    append: db.prepare(`INSERT INTO ${table}_log (lane, at, entry) VALUES (?, ?, ?)`),
    cut: db.prepare(`DELETE FROM ${table}_log WHERE lane = ? AND at < ?`),
    remove: db.prepare(`DELETE FROM ${table}_lanes WHERE key = ?`),
    removeLog: db.prepare(`DELETE FROM ${table}_log WHERE lane = ?`),
    removeTokens: db.prepare(`DELETE FROM ${table}_tokens WHERE lane = ?`),
    token: db.prepare(`INSERT OR REPLACE INTO ${table}_tokens (token, lane) VALUES (?, ?)`),
    find: db.prepare(`SELECT lane FROM ${table}_tokens WHERE token = ?`),
    due: db.prepare(
      `SELECT key FROM ${table}_lanes
       WHERE wake_at <= ? AND (expires_at IS NULL OR expires_at > ?) AND instr(key, ?) = 1
       ORDER BY wake_at, seq LIMIT ?`,
    ),
    dueOf: db.prepare(
      `SELECT key FROM ${table}_lanes
       WHERE ${GROUP} = ? AND wake_at <= ? AND (expires_at IS NULL OR expires_at > ?) AND instr(key, ?) = 1
       ORDER BY wake_at, seq LIMIT ?`,
    ),
    page: db.prepare(
      `SELECT key, expires_at FROM ${table}_lanes WHERE key > ? OR (key = ? AND ?) ORDER BY key LIMIT ${PAGE}`,
    ),
    expired: db.prepare(`SELECT key FROM ${table}_lanes WHERE expires_at <= ?`),
    nextExpiry: db.prepare(
      `SELECT expires_at FROM ${table}_lanes WHERE expires_at IS NOT NULL ORDER BY expires_at LIMIT 1`,
    ),
  };

  const isLive = (expiresAt: number | null): boolean => expiresAt === null || expiresAt > clock.now();

  function live(text: string): Row | undefined {
    const row = sql.select.get(text) as Row | undefined;
    return row && isLive(row.expires_at) ? row : undefined;
  }

  /** Inside a write. */
  function drop(text: string): void {
    sql.remove.run(text);
    sql.removeLog.run(text);
    sql.removeTokens.run(text);
  }

  function firstExpiry(): number {
    const row = sql.nextExpiry.get() as { readonly expires_at: number } | undefined;
    return row?.expires_at ?? Number.POSITIVE_INFINITY;
  }

  const sweep = sweeper(clock, () => {
    write(() => {
      for (const { key } of sql.expired.all(clock.now()) as { readonly key: string }[]) drop(key);
      return firstExpiry();
    }).then(
      (next) => sweep.by(next),
      () => undefined, // closed, or busy: reads do not see what has expired, and the next start sweeps
    );
    return Number.POSITIVE_INFINITY;
  });
  sweep.by(firstExpiry());

  return {
    async load(key: string, fromIndex = 0): Promise<Lane<Head, Entry> | undefined> {
      const text = keyToText(key);
      const found = await read(() => {
        const row = live(text);
        if (row === undefined) return undefined;
        const from = fromIndex < 0 ? row.next_index + fromIndex : fromIndex;
        return { row, log: sql.log.all(text, from) as { readonly entry: string }[] };
      });
      if (found === undefined) return undefined;
      const doing = (): string => `Loading the lane ${JSON.stringify(key)}`;
      return {
        version: String(found.row.seq),
        head: values.read(doing, found.row.head) as Head,
        firstIndex: found.row.first_index,
        nextIndex: found.row.next_index,
        log: found.log.map(({ entry }) => values.read(doing, entry) as Entry),
        wakeAt: found.row.wake_at ?? undefined,
      };
    },
    async commit(
      key: string,
      expected: string | null,
      change: LaneCommit<Head, Entry>,
    ): Promise<string | false> {
      checkKey("Committing a lane", key);
      const text = keyToText(key);
      const doing = (): string => `Committing the lane ${JSON.stringify(key)}`;
      checkChange(doing, expected, change);
      const head = change.head === undefined ? undefined : values.write(doing, change.head);
      const appended = (change.append ?? []).map((entry) => values.write(doing, entry));
      return write(() => {
        const before = live(text);
        if ((before === undefined ? null : String(before.seq)) !== expected) return false;
        if (before === undefined)
          drop(text); // what is left of a lane that has expired
        else if (head !== undefined) sql.removeTokens.run(text);
        const firstBefore = before?.first_index ?? 0;
        const from = before?.next_index ?? 0;
        const next = from + appended.length;
        const first = Math.min(Math.max(change.cutTo ?? firstBefore, firstBefore), next);
        for (const [at, entry] of appended.entries()) sql.append.run(text, from + at, entry);
        if (first > firstBefore) sql.cut.run(text, first);
        for (const token of change.index ?? []) sql.token.run(keyToText(token), text);
        const expiresAt = change.ttlMs === undefined ? null : clock.now() + change.ttlMs;
        const { lastInsertRowid } = sql.insert.run(
          text,
          head ?? (before as Row).head,
          first,
          next,
          change.wakeAt ?? null,
          expiresAt,
        );
        if (expiresAt !== null) sweep.by(expiresAt);
        return String(lastInsertRowid);
      });
    },
    async delete(key: string, expected?: string): Promise<boolean> {
      const text = keyToText(key);
      return write(() => {
        const row = live(text);
        if (row === undefined || (expected !== undefined && String(row.seq) !== expected)) return false;
        drop(text);
        return true;
      });
    },
    async due(prefix: string, now: number, limit: number): Promise<readonly string[]> {
      const search = dueSearch(prefix, limit);
      const { group, text } = search;
      const values = [now, clock.now(), text, search.limit];
      const rows = await look(() =>
        group === undefined ? sql.due.all(...values) : sql.dueOf.all(group, ...values),
      );
      return search.keysOf((rows as { readonly key: string }[]).map(({ key }) => key));
    },
    async find(token: string): Promise<string | undefined> {
      return read(() => {
        const row = sql.find.get(keyToText(token)) as { readonly lane: string } | undefined;
        return row && live(row.lane) ? keyFromText(row.lane) : undefined;
      });
    },
    async *keys(prefix: string): AsyncIterable<string> {
      const textPrefix = prefixToText(prefix);
      let after = textPrefix;
      for (let isFirst = true; ; isFirst = false) {
        const rows = (await look(() => sql.page.all(after, after, isFirst ? 1 : 0))) as {
          readonly key: string;
          readonly expires_at: number | null;
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
