// Posts updates to a webhook over kept-alive connections, in a process of its own.
// argv[2]: { url, connections, warmup, count, shape }. Sends { warm: true } after the warm-up, { done: { p50, p99 } } at the end.
import { Pool } from "undici";
import { mixedTraffic } from "../traffic.mjs";

const { url, connections, warmup, count } = JSON.parse(process.argv[2]);
const { origin, pathname } = new URL(url);
const pool = new Pool(origin, { connections, pipelining: 1 });
const bodies = mixedTraffic(warmup + count).map((update) => JSON.stringify(update));
let next = 0;

async function post(until, times) {
  while (next < until) {
    const body = bodies[next++];
    const began = performance.now();
    const { statusCode, body: answer } = await pool.request({
      method: "POST",
      path: pathname,
      headers: { "content-type": "application/json" },
      body,
    });
    await answer.dump();
    if (statusCode !== 200) throw new Error(`The webhook answered ${statusCode}.`);
    times.push(performance.now() - began);
  }
}

async function phase(until) {
  const times = [];
  await Promise.all(Array.from({ length: connections }, () => post(until, times)));
  return times.sort((a, b) => a - b);
}

process.on("message", async ({ go }) => {
  if (go === "warmup") {
    await phase(warmup);
    process.send({ warm: true });
  } else {
    const times = await phase(warmup + count);
    process.send({ done: { p50: times[times.length >> 1], p99: times[Math.floor(times.length * 0.99)] } });
  }
});
process.send({ ready: true });
