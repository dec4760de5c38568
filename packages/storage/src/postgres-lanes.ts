import type { Clock } from "./clock.js";
import { dueSearch } from "./due-search.js";
import { checkKey, keyFromText, keyToText } from "./key.js";
import { checkChange } from "./lane-change.js";
import type { Lane, LaneCommit, LaneStore } from "./lane-store.js";
import { withLostAnswers } from "./lost-answer.js";
import { newVersion } from "./new-version.js";
import { openPostgres, type PostgresOptions, type PostgresPool } from "./postgres-database.js";
import { postgresKeys } from "./postgres-keys.js";
import { laneSql, LANE_STEPS } from "./postgres-lane-sql.js";
import { postgresSweeper } from "./postgres-sweeper.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `postgresLanes`. `maxBytes` bounds a head, and each entry. */
export interface PostgresLanesOptions extends PostgresOptions, ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

interface LaneRow {
  readonly version: string;
  readonly head: string;
  readonly first: string;
  readonly next: string;
  readonly wake: string | null;
  readonly log: string | null;
}

/**
 * Keeps logs in a PostgreSQL database, shared by any number of machines. Each call is one statement, and so one snapshot.
 * A token named by two lanes leads to the one that named it last. The pool is yours: end it after the bot has stopped.
 */
export function postgresLanes<Head = unknown, Entry = unknown>(
  pool: PostgresPool,
  options: PostgresLanesOptions = {},
): LaneStore<Head, Entry> {
  const { clock = systemClock } = options;
  const stored = valueText("PostgreSQL", options);
  const { table, ask } = openPostgres(pool, "lanes", LANE_STEPS, options);
  const sql = laneSql(table);
  const sweep = postgresSweeper({ clock, ask, sweep: sql.sweep, next: sql.next });

  return {
    async load(key: string, fromIndex = 0): Promise<Lane<Head, Entry> | undefined> {
      const doing = (): string => `Loading the lane ${JSON.stringify(key)}`;
      const values = [keyToText(key), clock.now(), fromIndex < 0 ? -index(-fromIndex) : index(fromIndex)];
      const [row] = await ask<LaneRow>({ doing, text: sql.load, values, isWrite: false });
      if (row === undefined) return undefined;
      const log = row.log === null ? [] : (JSON.parse(row.log) as string[]);
      return {
        version: row.version,
        head: stored.read(doing, row.head) as Head,
        firstIndex: Number(row.first),
        nextIndex: Number(row.next),
        log: log.map((entry) => stored.read(doing, entry) as Entry),
        wakeAt: row.wake === null ? undefined : Number(row.wake),
      };
    },
    async commit(
      key: string,
      expected: string | null,
      change: LaneCommit<Head, Entry>,
    ): Promise<string | false> {
      checkKey("Committing a lane", key);
      const doing = (): string => `Committing the lane ${JSON.stringify(key)}`;
      const text = keyToText(key);
      checkChange(doing, expected, change);
      const head = change.head === undefined ? null : stored.write(doing, change.head);
      const appended = (change.append ?? []).map((entry) => stored.write(doing, entry));
      const version = newVersion();
      const now = clock.now();
      const expiresAt = change.ttlMs === undefined ? null : now + change.ttlMs;
      const tokens = (change.index ?? []).map(keyToText);
      const row = [
        text,
        now,
        version,
        head,
        change.wakeAt ?? null,
        expiresAt,
        tokens.length === 0 ? null : tokens,
        appended,
        change.cutTo === undefined ? 0 : index(change.cutTo),
      ];
      const call = {
        doing,
        text: expected === null ? sql.create : sql.replace,
        values: expected === null ? row : [...row, expected],
        isWrite: true,
      };
      const isDone = await withLostAnswers({
        write: async () => (await ask(call)).length > 0,
        isThere: async () =>
          (await ask({ doing, text: sql.isThere, values: [text, version], isWrite: false })).length > 0,
      });
      if (isDone && expiresAt !== null) sweep.by(expiresAt);
      return isDone && version;
    },
    async delete(key: string, expected?: string): Promise<boolean> {
      const doing = (): string => `Deleting the lane ${JSON.stringify(key)}`;
      const values = [keyToText(key), clock.now(), expected ?? null];
      return (await ask({ doing, text: sql.delete, values, isWrite: true })).length > 0;
    },
    async due(prefix: string, now: number, limit: number): Promise<readonly string[]> {
      const doing = (): string => "Looking for the lanes that are due";
      const search = dueSearch(prefix, limit);
      const { group } = search;
      const values = [now, clock.now(), index(search.limit), search.text];
      const rows = await ask<{ readonly key: string }>({
        doing,
        text: group === undefined ? sql.due : sql.dueOf,
        values: group === undefined ? values : [...values, group],
        isWrite: false,
      });
      return search.keysOf(rows.map(({ key }) => key));
    },
    async find(token: string): Promise<string | undefined> {
      const doing = (): string => `Looking for the lane of ${JSON.stringify(token)}`;
      const values = [[keyToText(token)], clock.now()];
      const [row] = await ask<{ readonly key: string }>({ doing, text: sql.find, values, isWrite: false });
      return row && keyFromText(row.key);
    },
    keys: (prefix: string): AsyncIterable<string> =>
      postgresKeys({ ask, table: table("lanes"), prefix, clock }),
  };
}

/** A whole number, as a bigint of PostgreSQL takes it. */
function index(value: number): number {
  return Math.min(Math.max(Math.ceil(value), 0), Number.MAX_SAFE_INTEGER);
}
