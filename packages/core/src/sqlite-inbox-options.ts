import type { SqliteDatabase, SqliteOptions } from "@balekit/storage/sqlite";

/** Options of `sqliteInbox`. `busyTimeoutMs` bounds one try; a write is tried again for as long as it takes. */
export interface SqliteInboxOptions extends SqliteOptions {
  /** How many updates may be pending before no more are taken in. @default 100_000 */
  readonly maxPending?: number | undefined;
  /** How many numbers of finished updates are remembered, to know an update that comes again. Bale keeps 2000. @default 10_000 */
  readonly remember?: number | undefined;
  /** How often a process may die over an update before it is set aside. At least 3. @default 5 */
  readonly maxStarts?: number | undefined;
}

/** The options of an inbox with what stands for those that are left out. */
export type InboxSettings = SqliteOptions & {
  readonly maxPending: number;
  readonly remember: number;
  readonly maxStarts: number;
};

/** @throws TypeError for what is no database, and for numbers that are too small */
export function inboxSettings(database: SqliteDatabase, options: SqliteInboxOptions): InboxSettings {
  const { maxPending = 100_000, remember = 10_000, maxStarts = 5 } = options;
  if (typeof database?.exec !== "function" || typeof database.prepare !== "function") {
    throw misuse(
      `sqliteInbox: that is no database. Give one of node:sqlite, libsql or better-sqlite3, with exec and prepare.`,
    );
  }
  for (const [name, value, least] of [
    ["maxPending", maxPending, 1],
    ["remember", remember, 2_000],
    ["maxStarts", maxStarts, 3],
  ] as const) {
    if (!(value >= least))
      throw misuse(`sqliteInbox: ${name} is ${String(value)}. Give a number from ${least} up.`);
  }
  return { ...options, maxPending, remember, maxStarts };
}

function misuse(message: string): TypeError {
  return Object.assign(new TypeError(message), { code: "ERR_BALE_OPTION" });
}
