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

  it("finds what is due of a prefix by an index, without reading what others have due", async () => {
    const database = open(join(temporaryFolder(), "bot.db"));
    const asked: string[] = [];
    const watched = {
      exec: (sql: string) => database.exec(sql),
      prepare: (sql: string) => {
        asked.push(sql);
        return database.prepare(sql);
      },
    };
    const lanes = sqliteLanes(watched, { clock: manualClock() });
    expect(await lanes.due("cv:1000:", 10, 10)).toEqual([]);
    const sql = asked.find((one) => one.includes("wake_at <=") && one.includes("substr(key"));
    const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all("cv:1000", 10, 10, "cv:1000:", 10);
    const steps = plan.map((step) => (step as { readonly detail: string }).detail);
    expect(steps).toEqual([
      expect.stringContaining("USING INDEX balekit_lanes_wake_of (<expr>=? AND wake_at<?)"),
    ]);
    database.close();
  });

  it("takes a store over from the release before, and works beside it", async () => {
    const path = join(temporaryFolder(), "bot.db");
    const clock = manualClock();
    const database = open(path);
    await sqliteLanes(database, { clock }).commit("cv:1:old", null, { head: 0, wakeAt: 2 });
    // As the release before has left it.
    database.exec("DROP INDEX balekit_lanes_wake_of");
    database.exec("UPDATE balekit_schema SET version = 1 WHERE store = 'lanes'");
    const lanes = sqliteLanes(database, { clock });
    expect(await lanes.due("cv:1:", 10, 10)).toEqual(["cv:1:old"]);
    // It goes on writing.
    database.exec(
      "INSERT INTO balekit_lanes (key, head, first_index, next_index, wake_at) VALUES ('cv:1:new', '0', 0, 0, 1)",
    );
    expect(await lanes.due("cv:1:", 10, 10)).toEqual(["cv:1:new", "cv:1:old"]);
    database.close();
  });
});
