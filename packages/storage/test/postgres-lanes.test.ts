import { manualClock } from "@balekit/storage";
import { laneContract } from "@balekit/storage/contract";
import { postgresLanes } from "@balekit/storage/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { postgresUrl, startPostgres } from "../../../test/servers/postgres.js";
import type { PrivateServer } from "../../../test/servers/private-server.js";
import { laneSql } from "../src/postgres-lane-sql.js";

let server: PrivateServer;
beforeAll(async () => {
  server = await startPostgres();
});
afterAll(() => server.close());

let stores = 0;

describe("postgresLanes", () => {
  const cases = laneContract({
    async open(clock) {
      const table = `case_${++stores}`;
      const pools: pg.Pool[] = [];
      const make = () => {
        const pool = new pg.Pool({ connectionString: postgresUrl(server), max: 5 });
        pools.push(pool);
        return postgresLanes(pool, { clock, table });
      };
      return {
        lanes: make(),
        other: make(),
        reopen: async () => make(),
        async close() {
          for (const pool of pools) await pool.end();
        },
      };
    },
  });
  it.each(cases)("$name", ({ run }) => run());

  describe("with a pool of its own", () => {
    let pool: pg.Pool;
    beforeAll(() => {
      pool = new pg.Pool({ connectionString: postgresUrl(server), max: 2 });
    });
    afterAll(() => pool.end());

    it("finds what is due of a prefix by an index, without reading what others have due", async () => {
      const lanes = postgresLanes(pool, { clock: manualClock(), table: "due" });
      await lanes.commit("cv:1:ours", null, { head: 0, wakeAt: 5 });
      await pool.query(
        `INSERT INTO due_lanes (key, id, seq, version, head, first_index, next_index, wake_at)
         SELECT 'theirs:1:' || n, -n, -n, n, '0', 0, 0, 1 FROM generate_series(1, 20000) AS n`,
      );
      await pool.query("ANALYZE due_lanes");
      expect(await lanes.due("cv:1:", 10, 10)).toEqual(["cv:1:ours"]);
      const { dueOf } = laneSql((name) => `due_${name}`);
      const values = [10, 0, 10, "cv:1:", "cv:1"];
      const { rows } = await pool.query<Record<"QUERY PLAN", string>>(`EXPLAIN ${dueOf}`, values);
      const plan = rows.map((row) => row["QUERY PLAN"]).join("\n");
      expect(plan).toMatch(/Index Cond: .*split_part.*= 'cv:1'/);
      expect(plan).not.toContain("Sort");
    });

    it("takes a store over from the release before, and works beside it", async () => {
      const clock = manualClock();
      await postgresLanes(pool, { clock, table: "older" }).commit("cv:1:old", null, { head: 0, wakeAt: 2 });
      // As the release before has left it.
      const { rows } = await pool.query<{ readonly name: string }>(
        "SELECT indexname AS name FROM pg_indexes WHERE tablename = 'older_lanes' AND indexdef LIKE '%split_part%'",
      );
      expect(rows).toHaveLength(1);
      await pool.query(`DROP INDEX "${rows[0]?.name}"`);
      await pool.query("UPDATE older_schema SET version = 1 WHERE store = 'lanes'");
      const lanes = postgresLanes(pool, { clock, table: "older" });
      expect(await lanes.due("cv:1:", 10, 10)).toEqual(["cv:1:old"]);
      // It goes on writing.
      await pool.query(
        `INSERT INTO older_lanes (key, id, seq, version, head, first_index, next_index, wake_at)
         VALUES ('cv:1:new', -1, -1, 'v', '0', 0, 0, 1)`,
      );
      expect(await lanes.due("cv:1:", 10, 10)).toEqual(["cv:1:new", "cv:1:old"]);
      const left = await pool.query(
        "SELECT 1 FROM pg_indexes WHERE indexdef LIKE '%older_lanes%split_part%'",
      );
      expect(left.rows).toHaveLength(1);
    });
  });
});
