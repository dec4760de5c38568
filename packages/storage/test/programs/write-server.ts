// Writes to a store on a server until it is killed: write-server.ts <kind> <port> <round>
import { writeUntilKilled } from "@balekit/storage/contract";
import { serverKind } from "../server-kinds.js";

const [kind = "", port = "", round = ""] = process.argv.slice(2);
void (async () => {
  const { storage } = await serverKind(kind).open(Number(port), { name: "survival" });
  await writeUntilKilled(storage, round);
})();
