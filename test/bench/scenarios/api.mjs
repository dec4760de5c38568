// sendMessage with 16 calls at a time against a local TLS server in its own process; CPU of the client per call.
import { startServer } from "../servers/start.mjs";
import { token } from "../traffic.mjs";

export async function measure({ peer, tls, atOnce = 16, count = 8_000, warmup = 8_000 }) {
  const server = await startServer({ tls });
  const { send, close } = await (peer === "undici-request"
    ? bareUndici(server.url)
    : peerSender(peer, server.url));
  await burst(send, warmup, atOnce);
  globalThis.gc?.();
  const before = process.cpuUsage();
  const began = performance.now();
  const results = await burst(send, count, atOnce);
  const seconds = (performance.now() - began) / 1000;
  const used = process.cpuUsage(before);
  if (results !== count) throw new Error(`${peer}: ${results} of ${count} messages came back.`);
  await close();
  server.stop();
  return { cpuMicros: (used.user + used.system) / count, perSecond: count / seconds };
}

async function peerSender(peer, apiRoot) {
  const { sender } = await import(`../peers/${peer}.mjs`);
  return sender({ apiRoot });
}

// The yardstick: no typing, no errors, no retries, only undici, text and JSON.parse.
async function bareUndici(url) {
  const { Pool } = await import("undici");
  const pool = new Pool(url, { connections: 16 });
  return {
    async send(chat, text) {
      const { body } = await pool.request({
        method: "POST",
        path: `/bot${token}/sendMessage`,
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ chat_id: chat, text }),
      });
      return JSON.parse(await body.text()).result;
    },
    close: () => pool.close(),
  };
}

async function burst(send, count, atOnce) {
  let begun = 0;
  let right = 0;
  const worker = async () => {
    while (begun < count) {
      const text = `پیام شماره ${begun++}`;
      const message = await send(1000, text);
      if (message.text === text) right++;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return right;
}
