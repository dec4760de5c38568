import type { Update } from "@balekit/api";
import type { Migration } from "@balekit/storage";
import type { SqliteDatabase, SqliteStep } from "@balekit/storage/sqlite";

/** An update to be kept. */
export interface NewRow {
  readonly id: number;
  readonly lane: string;
  readonly body: string;
  readonly takenAt: number;
}

/** What is known of a pending update without its body. */
export interface PendingRow {
  readonly id: number;
  readonly lane: string;
  /** How often processes have begun on it and died. */
  readonly starts: number;
}

/** What handing an update out needs. */
export interface KeptRow {
  readonly body: string;
  readonly takenAt: number;
  readonly attempts: number;
}

/** A row that was set aside. */
export interface DeadRow extends KeptRow {
  readonly id: number;
  readonly error: string;
  readonly diedAt: number;
}

const PENDING = 0;
const DONE = 1;
const DEAD = 2;

/** The schema of the inbox. A finished update leaves its number behind without a body, so that it is known again. */
export const INBOX_STEPS: readonly Migration<SqliteStep>[] = [
  {
    version: 1,
    run: (db, table) =>
      db.exec(`
        CREATE TABLE ${table}_inbox (
          bot INTEGER NOT NULL,
          id INTEGER NOT NULL,
          state INTEGER NOT NULL,
          lane TEXT NOT NULL,
          body TEXT,
          taken_at INTEGER NOT NULL,
          attempts INTEGER NOT NULL DEFAULT 0,
          starts INTEGER NOT NULL DEFAULT 0,
          error TEXT,
          died_at INTEGER,
          UNIQUE (bot, id)
        );
        CREATE TABLE ${table}_inbox_owners (
          bot INTEGER PRIMARY KEY, owner TEXT NOT NULL, mark TEXT NOT NULL, seen_at INTEGER NOT NULL
        );
      `),
  },
];

/** The statements of one bot's inbox. Each runs inside a transaction of the caller. */
export class InboxRows {
  readonly #bot: number;
  readonly #sql: ReturnType<typeof prepareAll>;

  constructor(db: SqliteDatabase, table: string, bot: number) {
    this.#bot = bot;
    this.#sql = prepareAll(db, table);
  }

  /** Keeps an update; `false` when it has been had before. */
  insert({ id, lane, body, takenAt }: NewRow): boolean {
    const row = this.#sql.insert.get(this.#bot, id, lane, body, takenAt);
    return row !== undefined && row !== null;
  }

  /** Forgets what an update said, and keeps that it was there. */
  finish(id: number): void {
    this.#sql.finish.run(this.#bot, id);
  }

  fail(id: number, attempts: number, error: string): void {
    this.#sql.fail.run(attempts, error, this.#bot, id);
  }

  bury(id: number, error: string, diedAt: number): void {
    this.#sql.bury.run(error, diedAt, this.#bot, id);
  }

  /** Counts a start of an update that was begun before by a process that died. */
  countStart(id: number): void {
    this.#sql.countStart.run(this.#bot, id);
  }

  read(id: number): KeptRow | undefined {
    return (this.#sql.read.get(this.#bot, id) ?? undefined) as KeptRow | undefined;
  }

  /** What waits to be handled, in order. */
  pending(): readonly PendingRow[] {
    return this.#sql.pending.all(this.#bot) as PendingRow[];
  }

  dead(): readonly DeadRow[] {
    return this.#sql.dead.all(this.#bot) as DeadRow[];
  }

  deadCount(): number {
    return (this.#sql.deadCount.get(this.#bot) as { readonly count: number }).count;
  }

  /** Makes a dead update pending again; its lane, or `undefined` when there is none. */
  revive(id: number): string | undefined {
    return (this.#sql.revive.get(this.#bot, id) as { readonly lane: string } | null | undefined)?.lane;
  }

  /** Ends a dead update; `false` when there is none. */
  forgetDead(id: number): boolean {
    return (this.#sql.forgetDead.get(this.#bot, id) ?? undefined) !== undefined;
  }

  /** Forgets the numbers of finished updates, but for the newest ones. */
  prune(keep: number): void {
    const newest = (this.#sql.newest.get(this.#bot) as { readonly id: number | null }).id;
    if (newest !== null) this.#sql.prune.run(this.#bot, newest - keep);
  }
}

function prepareAll(db: SqliteDatabase, table: string) {
  const inbox = `${table}_inbox`;
  return {
    insert: db.prepare(
      `INSERT INTO ${inbox} (bot, id, state, lane, body, taken_at) VALUES (?, ?, ${PENDING}, ?, ?, ?)
       ON CONFLICT DO NOTHING RETURNING id`,
    ),
    finish: db.prepare(
      `UPDATE ${inbox} SET state = ${DONE}, lane = '', body = NULL, error = NULL WHERE bot = ? AND id = ?`,
    ),
    fail: db.prepare(`UPDATE ${inbox} SET attempts = ?, error = ? WHERE bot = ? AND id = ?`),
    bury: db.prepare(
      `UPDATE ${inbox} SET state = ${DEAD}, error = ?, died_at = ? WHERE bot = ? AND id = ? AND state = ${PENDING}`,
    ),
    countStart: db.prepare(`UPDATE ${inbox} SET starts = starts + 1 WHERE bot = ? AND id = ?`),
    read: db.prepare(
      `SELECT body, taken_at AS takenAt, attempts FROM ${inbox} WHERE bot = ? AND id = ? AND state = ${PENDING}`,
    ),
    pending: db.prepare(
      `SELECT id, lane, starts FROM ${inbox} WHERE bot = ? AND state = ${PENDING} ORDER BY id`,
    ),
    dead: db.prepare(
      `SELECT id, body, taken_at AS takenAt, attempts, error, died_at AS diedAt FROM ${inbox}
       WHERE bot = ? AND state = ${DEAD} ORDER BY died_at, id`,
    ),
    deadCount: db.prepare(`SELECT count(*) AS count FROM ${inbox} WHERE bot = ? AND state = ${DEAD}`),
    revive: db.prepare(
      `UPDATE ${inbox} SET state = ${PENDING}, attempts = 0, starts = 0, error = NULL, died_at = NULL
       WHERE bot = ? AND id = ? AND state = ${DEAD} RETURNING lane`,
    ),
    forgetDead: db.prepare(
      `UPDATE ${inbox} SET state = ${DONE}, lane = '', body = NULL, error = NULL
       WHERE bot = ? AND id = ? AND state = ${DEAD} RETURNING id`,
    ),
    newest: db.prepare(`SELECT max(id) AS id FROM ${inbox} WHERE bot = ?`),
    prune: db.prepare(`DELETE FROM ${inbox} WHERE bot = ? AND id < ? AND state = ${DONE}`),
  };
}

/** An update as it was kept. @throws SyntaxError when its body is damaged */
export function updateOf(body: string): Update {
  return JSON.parse(body) as Update;
}
