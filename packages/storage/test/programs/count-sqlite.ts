// Adds to one value and one lane, as several processes do at once: count-sqlite.ts <kind> <path> <times>
import { update } from "@balekit/storage";
import { sqlite, sqliteLanes } from "@balekit/storage/sqlite";
import { sqliteKind } from "../databases.js";

const [kind = "", path = "", times = ""] = process.argv.slice(2);
const database = sqliteKind(kind).open(path);
const storage = sqlite<number>(database);
const lanes = sqliteLanes<number, number>(database);

async function add(): Promise<void> {
  await update(storage, "count", (count = 0) => count + 1, { maxAttempts: 10_000 });
  for (;;) {
    const lane = await lanes.load("lane");
    const head = lane?.head ?? 0;
    if (lane !== undefined && lane.log.length !== head) throw new Error(`${lane.log.length} is not ${head}`);
    if ((await lanes.commit("lane", lane?.version ?? null, { head: head + 1, append: [head] })) !== false)
      return;
  }
}

void (async () => {
  for (let n = 0; n < Number(times); n++) await add();
  database.close();
})();
