// A Bale in a process of its own: `bale.ts <plan as JSON>`. Prints its address, then sends numbered texts over many chats,
// never more than Bale would keep nor than it has been allowed so far, while what the bot meets goes wrong as the plan
// says. GET on the control address tells how far it is; POST allows as many in all as the body says.
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { setTimeout as later } from "node:timers/promises";
import { emulator, type FaultKind } from "@balekit/emulator";
import { seeded } from "../seeded.js";

interface Plan {
  readonly seed: number;
  readonly token: string;
  readonly updates: number;
  readonly chats: number;
  readonly perSecond: number;
  readonly faults: boolean;
}

const plan = JSON.parse(process.argv[2] as string) as Plan;
const random = seeded(plan.seed);
const bale = emulator({ token: plan.token });
const { url } = await bale.listen();
const users = Array.from({ length: plan.chats }, (_, at) => bale.user({ first_name: `User ${at}` }));
const counts = users.map(() => 0);
let isSent = false;
/** How many may be sent in all, by the last word on it. */
const leave = { count: 0 };
let lastFault = 0;

const control = createServer(async (request, response) => {
  if (request.method === "POST") leave.count = Math.max(leave.count, Number(await text(request)));
  response.end(JSON.stringify({ isSent, pending: bale.pendingUpdates }));
});
control.listen(0, "127.0.0.1", () => {
  const { port } = control.address() as { readonly port: number };
  console.log(JSON.stringify({ url, control: `http://127.0.0.1:${port}` }));
});

const kinds: readonly FaultKind[] = ["429", "reset-before", "reset-after", "502-html", "duplicate"];

let sent = 0;
const mayGoOn = (): boolean => sent < leave.count;

while (sent < plan.updates) {
  while (!mayGoOn()) await later(5);
  const burst = Math.min(1 + Math.floor(random() * 20), plan.updates - sent, leave.count - sent);
  for (let at = 0; at < burst; at++, sent++) {
    const chat = Math.floor(random() * users.length);
    // Not waited for: with a webhook it resolves when the bot has answered.
    const number = counts[chat] ?? 0;
    counts[chat] = number + 1;
    void users[chat]?.sends(`${chat}:${number}`);
  }
  // One after a few polls, not one on top of another: a bot that is just being killed meets none.
  const polls = bale.calls.polls;
  if (plan.faults && polls >= lastFault + 4) {
    lastFault = polls;
    const kind = random() < 0.03 ? "hang" : (kinds[Math.floor(random() * kinds.length)] as FaultKind);
    const where = kind === "duplicate" ? {} : { method: "getUpdates" };
    bale.fault({ kind, times: 1, ...where, ...(kind === "429" ? { retry_after: 1 } : {}) });
  }
  await later((burst / plan.perSecond) * 1_000);
  while (bale.pendingUpdates > 1_500) await later(20);
}
isSent = true;
