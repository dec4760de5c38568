import { postgres, postgresLanes } from "@balekit/storage/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import { postgresUrl, startPostgres } from "../../../test/servers/postgres.js";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { openPostgres } from "../src/postgres-database.js";

let server: PrivateServer;
let pool: pg.Pool;
beforeAll(async () => {
  server = await startPostgres();
  pool = new pg.Pool({ connectionString: postgresUrl(server), max: 8 });
});
afterAll(async () => {
  await pool.end();
  await server.close();
});

const code = (wanted: string) => expect.objectContaining({ code: wanted });

describe("a store in PostgreSQL", () => {
  it("makes its schema and tables once, however many open it at the same time", async () => {
    const options = { schema: "many", table: "bot" };
    await Promise.all(Array.from({ length: 8 }, (_, at) => postgres(pool, options).set(`k${at}`, at)));
    await Promise.all(
      Array.from({ length: 8 }, (_, at) => postgresLanes(pool, options).commit(`k${at}`, null, { head: at })),
    );
    const { rows } = await pool.query("SELECT count(*)::int AS n FROM many.bot_values");
    expect(rows).toEqual([{ n: 8 }]);
  });

  it("works beside a newer release, unless that one says it is too old", async () => {
    await postgres(pool, { table: "beside" }).set("k", 1);
    await pool.query("UPDATE beside_schema SET version = 2 WHERE store = 'values'");
    expect((await postgres(pool, { table: "beside" }).get("k"))?.value).toBe(1);
    await pool.query("UPDATE beside_schema SET oldest_reader = 2 WHERE store = 'values'");
    await expect(postgres(pool, { table: "beside" }).get("k")).rejects.toEqual(
      code("ERR_BALE_STORAGE_SCHEMA"),
    );
  });

  it("runs a missing step once, and leaves nothing of one that fails", async () => {
    await postgres(pool, { table: "steps" }).set("k", 1);
    const first = { version: 1, run: () => "" };
    const open = (sql: string) =>
      openPostgres(pool, "values", [first, { version: 2, run: () => sql }], { table: "steps" });
    const ask = { doing: () => "Looking", text: "SELECT 1 FROM ran", values: [], isWrite: false };
    await expect(open("CREATE TABLE ran (n int); SELECT nothing").ask(ask)).rejects.toEqual(
      code("ERR_BALE_STORAGE_SERVER"),
    );
    expect((await pool.query("SELECT to_regclass('ran') AS found")).rows).toEqual([{ found: null }]);
    await Promise.all(Array.from({ length: 6 }, () => open("CREATE TABLE ran (n int)").ask(ask)));
    expect((await pool.query("SELECT version FROM steps_schema")).rows).toEqual([{ version: 2 }]);
  });

  it("needs the right to make tables at its first start only, and tells what was refused", async () => {
    await postgres(pool, { table: "rights" }).set("k", 1);
    await pool.query("CREATE ROLE reader LOGIN; GRANT SELECT ON rights_values, rights_schema TO reader");
    const url = `postgres://reader@127.0.0.1:${server.port}/postgres`;
    const reader = new pg.Pool({ connectionString: url, max: 1 });
    onTestFinished(() => reader.end());
    const storage = postgres(reader, { table: "rights" });
    expect((await storage.get("k"))?.value).toBe(1);
    await expect(storage.set("k", 2)).rejects.toEqual(code("ERR_BALE_STORAGE_SERVER"));
    await expect(storage.set("k", 2)).rejects.toThrow(/Storing "k": PostgreSQL refused: permission denied/);
    expect((await storage.get("k"))?.value).toBe(1);
  });

  it("refuses a database that cannot write every letter", async () => {
    await pool.query(
      "CREATE DATABASE ascii ENCODING 'SQL_ASCII' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0",
    );
    const ascii = new pg.Pool({ connectionString: postgresUrl(server).replace(/postgres$/, "ascii") });
    onTestFinished(() => ascii.end());
    await expect(postgres(ascii).get("k")).rejects.toThrow("written in SQL_ASCII");
  });

  it("goes on when an administrator cuts its connections", async () => {
    const storage = postgres(pool, { table: "cut" });
    const written = await storage.set("k", 1);
    const other = new pg.Client(postgresUrl(server));
    await other.connect();
    onTestFinished(() => other.end());
    await other.query("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()");
    expect((await storage.set("k", 2, { ifVersion: written.ok ? written.version : "" })).ok).toBe(true);
    expect((await storage.get("k"))?.value).toBe(2);
  });

  it("finds what is due and what has a token by an index", async () => {
    const lanes = postgresLanes(pool, { table: "plan" });
    await lanes.commit("k", null, { head: 0, wakeAt: 5, index: ["t"] });
    const client = await pool.connect();
    onTestFinished(() => client.release());
    await client.query("SET enable_seqscan = off");
    const plan = async (where: string) =>
      JSON.stringify((await client.query(`EXPLAIN SELECT key FROM plan_lanes WHERE ${where}`)).rows);
    expect(await plan("wake_at <= 9 ORDER BY wake_at, seq LIMIT 1")).toContain(
      "Index Scan using plan_lanes_wake",
    );
    expect(await plan("tokens @> ARRAY['t']")).toContain("plan_lanes_tokens");
    await client.query("RESET enable_seqscan");
  });

  it("refuses what is no pool, and names that are none", () => {
    expect(() => postgres({} as never)).toThrow("that is no pool");
    expect(() => postgresLanes(pool, { table: 'a"; DROP TABLE b' })).toThrow(code("ERR_BALE_OPTION"));
    expect(() => postgres(pool, { schema: "a.b" })).toThrow('schema is "a.b"');
    expect(() => postgres(pool, { timeoutMs: Number.NaN })).toThrow("timeoutMs is NaN");
  });
});
