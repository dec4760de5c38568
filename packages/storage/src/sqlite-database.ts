import { type Migration, planMigrations, type SchemaState } from "./migrations.js";
import { sleep } from "./sleep.js";
import { misuse, StorageUnavailableError } from "./storage-error.js";
import { systemClock } from "./system-clock.js";

/** A prepared statement, as node:sqlite, libsql and better-sqlite3 make them. */
export interface SqliteStatement {
  run(...values: SqliteValue[]): { readonly lastInsertRowid: number | bigint };
  get(...values: SqliteValue[]): unknown;
  all(...values: SqliteValue[]): unknown[];
}

/** What is bound to a statement here. */
export type SqliteValue = string | number | null;

/** The part of a SQLite database that is used here; node:sqlite, libsql and better-sqlite3 have it. */
export interface SqliteDatabase {
  exec(sql: string): unknown;
  prepare(sql: string): SqliteStatement;
}

/** Options of every store in SQLite. */
export interface SqliteOptions {
  /** What the names of the tables begin with; letters, digits and `_`. @default "balekit" */
  readonly table?: string | undefined;
  /**
   * `"power-cut"`: a write is on the disk before it resolves. `"kill"`: it outlives the process, and a power cut may
   * take the last ones; several times as fast.
   * @default "power-cut"
   */
  readonly survives?: "power-cut" | "kill" | undefined;
  /**
   * How long a call waits for another process to finish its own; then it is refused with a `StorageUnavailableError`.
   * @default 5_000
   */
  readonly busyTimeoutMs?: number | undefined;
}

/** A step of a schema, written for tables whose names begin with `table`. */
export type SqliteStep = (db: SqliteDatabase, table: string) => void;

/** A database made ready: WAL, migrated, with transactions that wait for other processes without blocking this one. */
export interface SqliteHandle {
  readonly db: SqliteDatabase;
  readonly table: string;
  /**
   * Runs in BEGIN IMMEDIATE: nobody writes in between, in any process.
   * @throws StorageUnavailableError when the database stays locked, as `read` and `look` do
   */
  readonly write: <Result>(run: () => Result) => Promise<Result>;
  /** Runs on one snapshot. */
  readonly read: <Result>(run: () => Result) => Promise<Result>;
  /** Runs a single statement that reads: at once, unless the database is locked just now. */
  readonly look: <Result>(run: () => Result) => Result | Promise<Result>;
}

/** SQLite itself waits this long, standing in the way of everything; then we wait beside it. */
const BLOCKING_MS = 20;
const PAUSE_MS = 10;

/** Makes a database ready for the store `name`, running the steps it lacks in one transaction. */
export function openSqlite(
  db: SqliteDatabase,
  name: string,
  steps: readonly Migration<SqliteStep>[],
  options: SqliteOptions,
): SqliteHandle {
  const { table = "balekit", survives = "power-cut", busyTimeoutMs = 5_000 } = options;
  const doing = `Opening the SQLite store ${name}`;
  if (!/^[A-Za-z_]\w{0,62}$/.test(table)) {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: table is ${JSON.stringify(table)}. Give letters, digits and _, beginning with a letter.`,
    );
  }
  if (typeof db?.exec !== "function" || typeof db.prepare !== "function") {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: that is no database. Give one of node:sqlite, libsql or better-sqlite3, with exec and prepare.`,
    );
  }
  patiently(doing, busyTimeoutMs, () => {
    db.exec(`PRAGMA busy_timeout = ${BLOCKING_MS}`);
    db.exec("PRAGMA journal_mode = WAL");
    db.exec(`PRAGMA synchronous = ${survives === "kill" ? "NORMAL" : "FULL"}`);
  });
  patiently(doing, busyTimeoutMs, () => migrate(db, table, name, steps));

  /** Goes on trying what has failed once, if that is because the database is locked. */
  async function again<Result>(verb: string, first: unknown, run: () => Result): Promise<Result> {
    const until = systemClock.now() + busyTimeoutMs;
    for (let error = first; ; ) {
      if (!isBusy(error)) throw error;
      if (systemClock.now() >= until) throw locked(`${verb} the SQLite store ${name}`, busyTimeoutMs, error);
      await sleep(systemClock, PAUSE_MS * Math.random());
      try {
        return run();
      } catch (next) {
        error = next;
      }
    }
  }

  async function within<Result>(verb: string, begin: string, run: () => Result): Promise<Result> {
    try {
      return transaction(db, begin, run);
    } catch (error) {
      return again(verb, error, () => transaction(db, begin, run));
    }
  }

  function look<Result>(run: () => Result): Result | Promise<Result> {
    try {
      return run();
    } catch (error) {
      return again("Reading from", error, run);
    }
  }

  return {
    db,
    table,
    write: (run) => within("Writing to", "BEGIN IMMEDIATE", run),
    read: (run) => within("Reading from", "BEGIN", run),
    look,
  };
}

function migrate(
  db: SqliteDatabase,
  table: string,
  name: string,
  known: readonly Migration<SqliteStep>[],
): void {
  transaction(db, "BEGIN IMMEDIATE", () => {
    db.exec(
      `CREATE TABLE IF NOT EXISTS ${table}_schema
       (store TEXT PRIMARY KEY, version INTEGER NOT NULL, oldest_reader INTEGER NOT NULL) WITHOUT ROWID`,
    );
    const found = db
      .prepare(`SELECT version, oldest_reader AS oldestReader FROM ${table}_schema WHERE store = ?`)
      .get(name) as SchemaState | undefined;
    const { steps, state } = planMigrations(`the SQLite store ${table}_${name}`, known, found ?? undefined);
    if (steps.length === 0) return;
    for (const { run } of steps) run(db, table);
    db.prepare(`INSERT OR REPLACE INTO ${table}_schema (store, version, oldest_reader) VALUES (?, ?, ?)`).run(
      name,
      state.version,
      state.oldestReader,
    );
  });
}

/** Runs to its end or not at all. Statements are synchronous, so nothing else of this process comes in between. */
function transaction<Result>(db: SqliteDatabase, begin: string, run: () => Result): Result {
  db.exec(begin);
  try {
    const result = run();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    try {
      db.exec("ROLLBACK");
    } catch {
      // SQLite has rolled back by itself; the first error says why.
    }
    throw error;
  }
}

/** Opening is synchronous, so that a store is ready or refused where it is made; only then this thread waits. */
function patiently(doing: string, timeoutMs: number, run: () => void): void {
  const until = systemClock.now() + timeoutMs;
  for (;;) {
    try {
      run();
      return;
    } catch (error) {
      if (!isBusy(error)) throw error;
      if (systemClock.now() >= until) throw locked(doing, timeoutMs, error);
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, PAUSE_MS);
    }
  }
}

/** What a caller gets whose turn has not come. A transaction that meets a lock is rolled back, so nothing was changed. */
function locked(doing: string, timeoutMs: number, cause: unknown): StorageUnavailableError {
  return new StorageUnavailableError(
    `${doing}: the database is locked, for longer than ${timeoutMs} ms. Nothing was changed. The call works again when ` +
      "whoever holds it, such as a long transaction, has ended; or raise busyTimeoutMs.",
    { cause, maybeDone: false, timedOut: true },
  );
}

function isBusy(error: unknown): boolean {
  const { code, errcode, message } = (error ?? {}) as {
    readonly code?: unknown;
    readonly errcode?: unknown;
    readonly message?: unknown;
  };
  return (
    (typeof code === "string" && code.startsWith("SQLITE_BUSY")) ||
    (typeof errcode === "number" && (errcode & 0xff) === 5) ||
    (typeof message === "string" && message.includes("database is locked"))
  );
}
