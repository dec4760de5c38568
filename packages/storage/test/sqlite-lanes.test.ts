import { join } from "node:path";
import { manualClock } from "@balekit/storage";
import { laneContract } from "@balekit/storage/contract";
import { sqliteLanes } from "@balekit/storage/sqlite";
import { describe, expect, it } from "vitest";
import { sqliteKinds } from "./databases.js";
import { temporaryFolder } from "./folder.js";

describe.each(sqliteKinds())("sqliteLanes on $name", ({ open }) => {
  const cases = laneContract({
    async open(clock) {
      const path = join(temporaryFolder(), "bot.db");
      const databases = [open(path), open(path)] as const;
      const reopened: { close(): void }[] = [];
      const options = { clock, survives: "kill" } as const;
      return {
        lanes: sqliteLanes(databases[0], options),
        other: sqliteLanes(databases[1], options),
        async reopen() {
          const again = open(path);
          reopened.push(again);
          return sqliteLanes(again, options);
        },
        async close() {
          for (const database of [...databases, ...reopened]) database.close();
        },
      };
    },
  });
  it.each(cases)("$name", ({ run }) => run());

  it("sweeps an expired lane with its log and tokens", async () => {
    const clock = manualClock();
    const database = open(join(temporaryFolder(), "bot.db"));
    const lanes = sqliteLanes(database, { clock });
    await lanes.commit("k", null, { head: 0, append: [1, 2], index: ["t"], ttlMs: 1_000 });
    await clock.advance(120_000);
    for (const table of ["lanes", "log", "tokens"]) {
      expect(database.prepare(`SELECT * FROM balekit_${table}`).all()).toEqual([]);
    }
    database.close();
  });
});
