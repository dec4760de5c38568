import { type Migration, planMigrations, type SchemaState } from "./migrations.js";
import { opening } from "./opening.js";
import { serverFault } from "./server-fault.js";
import { misuse, StorageError, StorageUnavailableError } from "./storage-error.js";
import { checkTimeout, withinTime } from "./time-limit.js";

/** A connection taken from a pool; one of pg's is. */
export interface PostgresClient {
  query(text: string, values?: unknown[]): Promise<{ readonly rows: unknown[] }>;
  /** Gives it back; `true` closes it instead. */
  release(destroy?: boolean): void;
  on?(event: "error", listener: (error: Error) => void): unknown;
  removeListener?(event: "error", listener: (error: Error) => void): unknown;
}

/** The part of a pool of connections that is used here; `Pool` of pg has it. */
export interface PostgresPool {
  connect(): Promise<PostgresClient>;
  on?(event: "error", listener: (error: Error) => void): unknown;
}

/** Options of every store in PostgreSQL. */
export interface PostgresOptions {
  /** What the names of the tables begin with; at most 40 letters, digits and `_`. @default "balekit" */
  readonly table?: string | undefined;
  /** The schema they lie in; made when it is missing. Absent: the first of the connection's search_path. */
  readonly schema?: string | undefined;
  /** How long a call waits for PostgreSQL before a `StorageUnavailableError`. @default 5_000 */
  readonly timeoutMs?: number | undefined;
}

/** A statement, and what it is for. */
export interface PostgresCall {
  readonly doing: () => string;
  readonly text: string;
  readonly values: readonly unknown[];
  /** Whether a statement without an answer may have changed something; one that changes nothing is asked twice. */
  readonly isWrite: boolean;
}

/** A step of a schema: statements, from a function that gives the quoted name of a table. */
export type PostgresStep = (table: (name: string) => string) => string;

/** A database made ready: checked, migrated. */
export interface PostgresHandle {
  /** The quoted name of a table of ours. */
  readonly table: (name: string) => string;
  /** Runs one statement, which is a transaction of its own. */
  readonly ask: <Row>(call: PostgresCall) => Promise<readonly Row[]>;
}

/** Shutting down, crashed, starting, out of connections, gone read-only, given up for another: not now. */
const NOT_NOW = /^(08...|53...|57P0.|25006|40...|55P03)$/;
/** Said of a connection that is ending, perhaps after the work was done. */
const MAYBE_DONE = /^(08...|57P0.|40003)$/;
const NO_SUCH_TABLE = /^(42P01|3F000)$/;

/** More than a pool usually holds of connections, which may all have died unseen. */
const TRIES = 12;

/** Errors of calls for which there was no connection at all. */
const unreached = new WeakSet<Error>();

/** Pools that have our listener already. */
const heard = new WeakSet<PostgresPool>();

/**
 * Prepares the store `store`; PostgreSQL is asked at the first use, because a pool may be made before its server is there.
 * @throws {TypeError} ERR_BALE_OPTION
 */
export function openPostgres(
  pool: PostgresPool,
  store: string,
  steps: readonly Migration<PostgresStep>[],
  { table: beginning = "balekit", schema, timeoutMs = 5_000 }: PostgresOptions,
): PostgresHandle {
  const doing = `Opening the PostgreSQL store ${store}`;
  for (const [option, value] of Object.entries({ table: beginning, schema: schema ?? "public" })) {
    if (/^[A-Za-z_]\w{0,39}$/.test(value)) continue;
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: ${option} is ${JSON.stringify(value)}. Give at most 40 letters, digits and _, beginning with a letter.`,
    );
  }
  if (typeof pool?.connect !== "function") {
    throw misuse(
      "ERR_BALE_OPTION",
      `${doing}: that is no pool. Give \`new Pool({ connectionString })\` of pg.`,
    );
  }
  checkTimeout(doing, timeoutMs);
  if (!heard.has(pool)) {
    heard.add(pool);
    // Without a listener the process would end because a server is away; each call says so anyway.
    pool.on?.("error", ignore);
  }
  const table = (name: string): string =>
    `${schema === undefined ? "" : `"${schema}".`}"${beginning}_${name}"`;

  /** Runs on a connection of its own; a fault closes it, so that nothing waits in it for a server that is away. */
  async function connected<Result>(
    doing: string,
    isWrite: boolean,
    run: (client: PostgresClient) => Promise<Result>,
  ): Promise<Result> {
    const connecting = pool.connect();
    let client: PostgresClient;
    try {
      client = await withinTime(timeoutMs, connecting);
    } catch (cause) {
      connecting.then((late) => late.release(), ignore);
      const error = fault(doing, cause, false);
      unreached.add(error);
      throw error;
    }
    client.on?.("error", ignore);
    try {
      const result = await withinTime(timeoutMs, run(client));
      client.removeListener?.("error", ignore);
      client.release();
      return result;
    } catch (cause) {
      const isSound = stateOf(cause) !== undefined && !MAYBE_DONE.test(stateOf(cause) ?? "");
      if (isSound) client.removeListener?.("error", ignore);
      client.release(!isSound);
      throw cause instanceof StorageError ? cause : fault(doing, cause, isWrite);
    }
  }

  async function statement<Row>({ doing, text, values, isWrite }: PostgresCall): Promise<readonly Row[]> {
    for (let tries = 1; ; tries++) {
      try {
        return await connected(
          doing(),
          isWrite,
          async (client) => (await client.query(text, [...values])).rows as Row[],
        );
      } catch (error) {
        // A pool may hand out connections that have died unseen; what changes nothing may be asked again.
        const isLost = error instanceof StorageUnavailableError && !error.timedOut && !unreached.has(error);
        if (isWrite || !isLost || tries === TRIES) throw error;
      }
    }
  }

  const stateQuery = {
    text: `SELECT version::text, oldest_reader::text AS "oldestReader" FROM ${table("schema")} WHERE store = $1`,
    values: [store],
  };
  const plan = (rows: readonly Readonly<Record<keyof SchemaState, string>>[]) =>
    planMigrations(`the PostgreSQL store ${beginning}_${store}`, steps, stateFrom(rows[0]));

  /** Whether there is nothing to migrate: the usual start, which needs no right to make tables. */
  async function isReady(): Promise<boolean> {
    try {
      const rows = await statement<Record<keyof SchemaState, string>>({
        doing: () => doing,
        ...stateQuery,
        isWrite: false,
      });
      return plan(rows).steps.length === 0;
    } catch (error) {
      if (error instanceof StorageError && NO_SUCH_TABLE.test(stateOf(error.cause) ?? "")) return false;
      throw error;
    }
  }

  const ready = opening(async () => {
    if (await isReady()) return;
    await connected(doing, true, async (client) => {
      const { rows } = await client.query("SHOW server_encoding");
      const { server_encoding: encoding } = rows[0] as { readonly server_encoding: string };
      if (encoding !== "UTF8") {
        throw new StorageError(
          "ERR_BALE_STORAGE_UNSUPPORTED",
          `${doing}: the database is written in ${encoding}. Make it with ENCODING 'UTF8', so that it takes every letter.`,
        );
      }
      await client.query("BEGIN");
      try {
        await migrate(client);
        await client.query("COMMIT");
      } catch (error) {
        await client.query("ROLLBACK").catch(ignore);
        throw error;
      }
    });
  });

  /** One process at a time; the others find it done. */
  async function migrate(client: PostgresClient): Promise<void> {
    await client.query("SELECT pg_advisory_xact_lock(hashtext($1))", [`balekit ${table("schema")}`]);
    if (schema !== undefined) await client.query(`CREATE SCHEMA IF NOT EXISTS "${schema}"`);
    await client.query(
      `CREATE TABLE IF NOT EXISTS ${table("schema")}
       (store text PRIMARY KEY, version integer NOT NULL, oldest_reader integer NOT NULL)`,
    );
    const { rows } = await client.query(stateQuery.text, stateQuery.values);
    const { steps: missing, state } = plan(rows as Record<keyof SchemaState, string>[]);
    if (missing.length === 0) return;
    for (const { run } of missing) await client.query(run(table));
    await client.query(
      `INSERT INTO ${table("schema")} (store, version, oldest_reader) VALUES ($1, $2, $3)
       ON CONFLICT (store) DO UPDATE SET version = excluded.version, oldest_reader = excluded.oldest_reader`,
      [store, state.version, state.oldestReader],
    );
  }

  return {
    table,
    async ask<Row>(call: PostgresCall): Promise<readonly Row[]> {
      await ready();
      return statement<Row>(call);
    },
  };
}

/** What a time or a number is as text, whatever parsers of types the program has set: every column is asked as text. */
function stateFrom(row: Readonly<Record<keyof SchemaState, string>> | undefined): SchemaState | undefined {
  return row && { version: Number(row.version), oldestReader: Number(row.oldestReader) };
}

/** The SQLSTATE of an error that the server has sent. */
function stateOf(cause: unknown): string | undefined {
  const { code, severity } = (cause ?? {}) as { readonly code?: unknown; readonly severity?: unknown };
  return typeof code === "string" && severity !== undefined ? code : undefined;
}

function fault(doing: string, cause: unknown, isWrite: boolean): StorageError {
  const state = stateOf(cause);
  return serverFault({
    server: "PostgreSQL",
    doing,
    cause,
    isRefusal: state !== undefined && !NOT_NOW.test(state),
    maybeDone: isWrite && (state === undefined || MAYBE_DONE.test(state)),
  });
}

function ignore(): void {
  // The call that it concerns is told.
}
