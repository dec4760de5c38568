// Asks a server once, and prints what came of it: ask-server.ts <port> <milliseconds that it waits>
import { connect } from "node:net";
import { withinTime } from "../../src/time-limit.js";

const [port = "", ms = ""] = process.argv.slice(2);
const socket = connect(Number(port), "127.0.0.1");
const answer = new Promise<string>((resolve) => socket.once("data", (data) => resolve(String(data))));
socket.write("?");
void withinTime(Number(ms), answer)
  .catch((error: unknown) => String(error))
  .then((result) => process.stdout.write(result, () => process.exit(0)));
