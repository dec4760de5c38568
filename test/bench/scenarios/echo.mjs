// Long polling, one answer an update, over HTTP on the loopback; CPU of the bot's process per update, rate, order.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startServer } from "../servers/start.mjs";

export async function measure({
  peer,
  runner,
  latencyMs = 0,
  jitterMs = 0,
  chats = 50,
  count = 4_000,
  warmup = 2_000,
  concurrency,
  typing,
  order,
  inbox,
}) {
  const server = await startServer({ latencyMs, jitterMs });
  const { poller } = await import(`../peers/${peer}.mjs`);
  const handle = async (text, answer, type) => {
    if (typing) await type();
    await answer(`echo ${text}`);
  };
  const folder = inbox ? mkdtempSync(join(tmpdir(), "balekit-bench-")) : undefined;
  const database = folder && join(folder, "bot.db");
  const running = await poller({ apiRoot: server.url, handle, runner, concurrency, order, database });
  if (warmup > 0) await server.serve({ from: 1, count: warmup, chats });
  const before = process.cpuUsage();
  const began = performance.now();
  const done = await server.serve({ from: 1 + warmup, count, chats });
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(before);
  if (done.answered !== count)
    throw new Error(`${peer}: ${done.answered} of ${count} updates were answered.`);
  await Promise.race([
    Promise.resolve(running.stop()).catch(() => {}),
    new Promise((resolve) => setTimeout(resolve, 500)),
  ]);
  server.stop();
  if (folder) rmSync(folder, { recursive: true, force: true });
  return {
    cpuMicros: (used.user + used.system) / count,
    perSecond: count / seconds,
    outOfOrder: done.outOfOrder,
    mostInFlight: done.mostInFlight,
  };
}
