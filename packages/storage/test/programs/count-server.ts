// Adds to one value and one lane, as several processes do at once: count-server.ts <kind> <port> <times>
import { update } from "@balekit/storage";
import { serverKind } from "../server-kinds.js";

const [kind = "", port = "", times = ""] = process.argv.slice(2);
void (async () => {
  const { storage, lanes, close } = await serverKind(kind).open(Number(port), { name: "count" });
  for (let n = 0; n < Number(times); n++) {
    await update(storage, "count", (count) => ((count as number | undefined) ?? 0) + 1, {
      maxAttempts: 10_000,
    });
    for (;;) {
      const lane = await lanes.load("lane");
      const head = (lane?.head as number | undefined) ?? 0;
      if (lane !== undefined && lane.log.length !== head)
        throw new Error(`${lane.log.length} is not ${head}`);
      if ((await lanes.commit("lane", lane?.version ?? null, { head: head + 1, append: [head] })) !== false)
        break;
    }
  }
  await close();
})();
