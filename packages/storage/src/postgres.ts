import type { Clock } from "./clock.js";
import { checkKey, keyToText } from "./key.js";
import { withLostAnswers } from "./lost-answer.js";
import type { Migration } from "./migrations.js";
import { newVersion } from "./new-version.js";
import {
  openPostgres,
  type PostgresOptions,
  type PostgresPool,
  type PostgresStep,
} from "./postgres-database.js";
import { postgresKeys } from "./postgres-keys.js";
import { postgresSweeper } from "./postgres-sweeper.js";
import type { DeleteOptions, SetOptions, SetResult, Storage, Stored } from "./storage.js";
import { systemClock } from "./system-clock.js";
import { type ValueOptions, valueText } from "./value-text.js";

/** Options of `postgres`. */
export interface PostgresStorageOptions extends PostgresOptions, ValueOptions {
  /** What `ttlMs` is measured with. @default systemClock */
  readonly clock?: Clock | undefined;
}

/** Keys are compared by their bytes, whatever language the database speaks. */
const STEPS: readonly Migration<PostgresStep>[] = [
  {
    version: 1,
    run: (table) => `
      CREATE TABLE ${table("values")} (
        key text COLLATE "C" PRIMARY KEY,
        version text NOT NULL,
        value text NOT NULL,
        expires_at double precision
      );
      CREATE INDEX ON ${table("values")} (expires_at) WHERE expires_at IS NOT NULL;
    `,
  },
];

/**
 * Keeps values in a PostgreSQL database, shared by any number of machines. Each call is one statement. The pool is
 * yours: end it after the bot has stopped.
 * @example
 * const storage = postgres(new Pool({ connectionString: "postgres://bot@localhost/bot" }));
 */
export function postgres<Value = unknown>(
  pool: PostgresPool,
  options: PostgresStorageOptions = {},
): Storage<Value> {
  const { clock = systemClock } = options;
  const stored = valueText("PostgreSQL", options);
  const { table, ask } = openPostgres(pool, "values", STEPS, options);
  const values = table("values");
  const live = "(expires_at IS NULL OR expires_at > $2)";
  const insert = `
    INSERT INTO ${values} AS kept (key, version, value, expires_at) VALUES ($1, $3, $4, $5)
    ON CONFLICT (key) DO UPDATE
    SET version = excluded.version, value = excluded.value, expires_at = excluded.expires_at`;
  const sql = {
    get: `SELECT version, value FROM ${values} WHERE key = $1 AND ${live}`,
    set: `${insert} WHERE $2::float8 IS NOT NULL RETURNING 1`,
    create: `${insert} WHERE kept.expires_at <= $2 RETURNING 1`,
    replace: `
      UPDATE ${values} SET version = $3, value = $4, expires_at = $5
      WHERE key = $1 AND ${live} AND version = $6 RETURNING 1`,
    isThere: `SELECT 1 FROM ${values} WHERE key = $1 AND version = $2`,
    delete: `DELETE FROM ${values} WHERE key = $1 AND ${live} AND ($3::text IS NULL OR version = $3) RETURNING 1`,
    sweep: `
      DELETE FROM ${values} WHERE key IN
      (SELECT key FROM ${values} WHERE expires_at <= $1 LIMIT $2 FOR UPDATE SKIP LOCKED) RETURNING 1`,
    next: `SELECT min(expires_at)::text AS next FROM ${values} WHERE expires_at IS NOT NULL`,
  };
  const sweep = postgresSweeper({ clock, ask, sweep: sql.sweep, next: sql.next });

  return {
    async get(key: string): Promise<Stored<Value> | undefined> {
      const doing = (): string => `Reading ${JSON.stringify(key)}`;
      const [row] = await ask<{ readonly version: string; readonly value: string }>({
        doing,
        text: sql.get,
        values: [keyToText(key), clock.now()],
        isWrite: false,
      });
      return row && { value: stored.read(doing, row.value) as Value, version: row.version };
    },
    async set(key: string, value: Value, { ifVersion, ttlMs }: SetOptions = {}): Promise<SetResult> {
      checkKey("Storing a value", key);
      const doing = (): string => `Storing ${JSON.stringify(key)}`;
      const text = keyToText(key);
      const written = stored.write(doing, value);
      const version = newVersion();
      const now = clock.now();
      const expiresAt = ttlMs === undefined ? null : now + ttlMs;
      const row = [text, now, version, written, expiresAt];
      const call = {
        doing,
        text: ifVersion === undefined ? sql.set : ifVersion === null ? sql.create : sql.replace,
        values: typeof ifVersion === "string" ? [...row, ifVersion] : row,
        isWrite: true,
      };
      const isDone = await withLostAnswers({
        write: async () => (await ask(call)).length > 0,
        isThere: async () =>
          (await ask({ doing, text: sql.isThere, values: [text, version], isWrite: false })).length > 0,
      });
      if (isDone && expiresAt !== null) sweep.by(expiresAt);
      return isDone ? { ok: true, version } : { ok: false };
    },
    async delete(key: string, { ifVersion }: DeleteOptions = {}): Promise<boolean> {
      const doing = (): string => `Deleting ${JSON.stringify(key)}`;
      const bound = [keyToText(key), clock.now(), ifVersion ?? null];
      return (await ask({ doing, text: sql.delete, values: bound, isWrite: true })).length > 0;
    },
    keys: (prefix: string): AsyncIterable<string> => postgresKeys({ ask, table: values, prefix, clock }),
  };
}
