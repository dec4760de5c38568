// A webhook on node:http, or in Fastify, for the mixed bot, posted to from another process; CPU of the server per request.
import { fork } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import { fileURLToPath } from "node:url";
import Fastify from "fastify";
import { expectedEffects, mixedBot, mixedTraffic } from "../traffic.mjs";

const path = "/bench-webhook-path-0123456789";

export async function measure({
  peer,
  server: kind = "http",
  connections = 32,
  count = 30_000,
  warmup = 40_000,
}) {
  const bot = mixedBot("literal");
  const effects = { middleware: 0, command: 0, callback: 0, hears: 0 };
  const serve = kind === "fastify" ? serveInFastify : serveOnHttp;
  const server = await serve(peer, bot, effects);
  const url = `http://127.0.0.1:${server.address().port}${path}`;
  const poster = fork(fileURLToPath(new URL("../servers/poster.mjs", import.meta.url)), [
    JSON.stringify({ url, connections, warmup, count }),
  ]);
  await once(poster, "message");
  poster.send({ go: "warmup" });
  await once(poster, "message");
  globalThis.gc?.();
  for (const key of Object.keys(effects)) effects[key] = 0;
  const before = process.cpuUsage();
  const began = performance.now();
  poster.send({ go: "measure" });
  const [{ done }] = await once(poster, "message");
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(before);
  poster.kill();
  server.close();
  if (peer !== "node-http") check(peer, bot, effects, warmup, count);
  return { cpuMicros: (used.user + used.system) / count, perSecond: count / seconds, p99Ms: done.p99 };
}

async function serveOnHttp(peer, bot, effects) {
  const handler =
    peer === "node-http" ? bareServer : await (await import(`../peers/${peer}.mjs`)).webhook(bot, effects);
  const server = createServer(handler);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** The way each peer's own documentation says. */
async function serveInFastify(peer, bot, effects) {
  const app = Fastify();
  const { fastifyWebhook } = await import(`../peers/${peer}.mjs`);
  await fastifyWebhook(app, path, bot, effects);
  await app.listen({ port: 0, host: "127.0.0.1" });
  return app.server;
}

function check(peer, bot, effects, warmup, count) {
  const expected = expectedEffects(bot, mixedTraffic(warmup + count).slice(warmup));
  for (const key of Object.keys(expected)) {
    if (effects[key] !== expected[key])
      throw new Error(`${peer}: ${key} ran ${effects[key]} times, expected ${expected[key]}.`);
  }
}

/** The floor: reads the body, parses it, answers. */
function bareServer(request, response) {
  const chunks = [];
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    const update = JSON.parse(Buffer.concat(chunks).toString());
    if (typeof update.update_id !== "number") response.statusCode = 400;
    response.end();
  });
}
