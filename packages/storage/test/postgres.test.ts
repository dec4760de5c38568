import { storageContract } from "@balekit/storage/contract";
import { postgres } from "@balekit/storage/postgres";
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

describe("postgres", () => {
  const cases = storageContract({
    async open(clock) {
      const table = `case_${++stores}`;
      const pools: pg.Pool[] = [];
      const make = () => {
        const pool = new pg.Pool({ connectionString: postgresUrl(server), max: 5 });
        pools.push(pool);
        return postgres(pool, { clock, table });
      };
      return {
        storage: make(),
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
