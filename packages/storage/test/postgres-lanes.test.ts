import { laneContract } from "@balekit/storage/contract";
import { postgresLanes } from "@balekit/storage/postgres";
import pg from "pg";
import { afterAll, beforeAll, describe, it } from "vitest";
import { postgresUrl, startPostgres } from "../../../test/servers/postgres.js";
import type { PrivateServer } from "../../../test/servers/private-server.js";

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
});
